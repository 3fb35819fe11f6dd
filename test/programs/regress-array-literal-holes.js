// Holes after a spread have their places, for whatever is spread behind them.
console.log([...[], , , ...[0]], [...[1, 2], , ].length, [...[], , , 3], [...[1], , ...[2, 3], , ...[]].length);
console.log([...Array(3)].length, [, ...[1], , ...[2]]);
