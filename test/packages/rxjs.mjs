import { from, interval, of, Subject, merge } from "rxjs"; import { map, filter, scan, take, mergeMap, delay, debounceTime, bufferCount, catchError, toArray } from "rxjs/operators";
from([1, 2, 3, 4, 5]).pipe(filter((x) => x % 2), scan((a, x) => a + x, 0), bufferCount(2)).subscribe((x) => console.log("s", x));
merge(interval(5).pipe(take(3)), of("a", "b").pipe(delay(12))).pipe(toArray()).subscribe((x) => console.log(x.length, x.filter((y) => typeof y === "string")));
of(1).pipe(mergeMap(() => { throw new Error("boom"); }), catchError((e) => of(e.message))).subscribe(console.log); const s = new Subject(); s.pipe(debounceTime(3)).subscribe((x) => console.log("d", x)); s.next(1); s.next(2);
