const dayjs = require("dayjs");
require("dayjs/locale/de");
const day = dayjs("2024-02-29T12:30:00.000Z");
console.log(day.add(1, "year").format("YYYY-MM-DD dddd"), dayjs("2024-01-01").diff("2023-01-01", "day"), day.locale("de").format("dddd, D. MMMM YYYY"));
console.log(day.startOf("month").toISOString(), day.isBefore("2024-03-01"), dayjs("nonsense").isValid());
