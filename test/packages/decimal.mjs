import Decimal from "decimal.js";
Decimal.set({ precision: 50 });
console.log(Decimal.exp(1).toString(), Decimal.acos(-1).toString(), new Decimal(10).ln().toString());
console.log(new Decimal("1234.5678").toFraction(100).toString(), new Decimal("0.1").plus("0.2").toString(), new Decimal(2).pow(200).toFixed());
