// Optional chaining, nullish operators and their assignments: what is evaluated, what is not, and how often.
const log = [];
const t = (name, v) => { log.push(name); return v; };
const o = { a: { b: { c: () => "called" } }, n: null, f() { return this === o; }, list: [1, [2]], get g() { log.push("g"); return undefined; } };
console.log(o?.a?.b?.c?.(), o.n?.x.y.z(), o.missing?.[t("never", 1)], o.f?.(), (o?.f)(), o?.["f"](), o.list?.[1]?.[0], o.n?.[0], delete o?.gone?.x, delete o.n?.x, o.g?.h.i);
console.log(null?.x, undefined?.[1], (void 0)?.(), ""?.length, 0?.toFixed(1), o.a?.b.c.name, typeof o.zip?.zap, o.zip?.zap === undefined);
try { o.a.x.y; } catch (e) { console.log(e.name); }
try { o.a?.x.y; } catch (e) { console.log(e.name); }
try { o.n(); } catch (e) { console.log(e.name); }
try { o.list?.(); } catch (e) { console.log(e.name); }
let x = null, y = 0, z = "keep";
x ??= t("x", 5); y ??= t("y", 5); y ||= t("y2", 6); z &&= t("z", "new"); x &&= x + 1; z ||= t("no", 1);
const p = { u: undefined, get once() { log.push("get"); return 1; }, set once(v) { log.push("set" + v); } };
p.u ??= "filled"; p.once ??= 2; p.once &&= 3; p[t("key", "w")] ||= "made"; p.w &&= p.w + "!";
console.log(x, y, z, p.u, p.w, log.join());
class C { #p = { q: 1 }; static s = null; read(o) { return o?.#p?.q; } m() { return super.toString?.() ?? "none"; } static get() { return this?.s?.t ?? "default"; } }
console.log(new C().read(new C()), new C().read(null), new C().m(), C.get(), null ?? (undefined ?? 0) ?? 1, (null || undefined) ?? "both", o.a?.b?.c?.call?.(null));
console.log(o?.a["b"]?.c.length, [..."ab"]?.map?.((c) => c + c), `${o.n?.x}`, (o.n?.x, 5), new (o.k?.K ?? Array)(2).length, o.list?.at(-1)?.[0] ** 2);
