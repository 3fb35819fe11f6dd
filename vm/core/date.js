// Date (ECMA-262 section 21.4). A DATE's slot is its time value. Local time is the host's: the offset is asked for once
// per quarter of an hour of time (State CLOCK: [which quarter, offset in ms]), since offsets change at no other places.

const DAY = 86400000;
const dayNames = "SunMonTueWedThuFriSat";
const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec";

const DatePrototype = $newObject(ObjectPrototype);

/** Milliseconds that local time is ahead of UTC at a time. */
function zoneOffset(time) {
  const quarter = $math(1, time / 900000);
  let cache = $state($$STATE_CLOCK);
  if (cache === undefined || cache[0] !== quarter) cache = $setState($$STATE_CLOCK, [quarter, $host(["timezone", time]) * 60000]);
  return cache[1];
}

function toLocal(time) {
  return time !== time ? time : time + zoneOffset(time);
}

/** 21.4.1.26 UTC: of a local time. Where clocks go back the earlier of two times, where they skip an hour the later. */
function fromLocal(local) {
  if (local !== local || local > 8.64e15 + DAY || local < -8.64e15 - DAY) return NaN;
  const before = zoneOffset(local - DAY);
  const time = local - before;
  if (zoneOffset(time) === before) return time;
  const after = local - zoneOffset(local + DAY);
  return zoneOffset(after) === local - after ? after : time;
}

/** Days since 1970 of a civil date, month from 0 and possibly beyond 11. */
function dayOf(year, month, day) {
  year += $math(1, month / 12);
  month -= $math(1, month / 12) * 12;
  // Years that begin in March put the leap day at the end.
  const y = month < 2 ? year - 1 : year;
  const era = $math(1, y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = $math(1, (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5);
  return era * 146097 + yearOfEra * 365 + $math(1, yearOfEra / 4) - $math(1, yearOfEra / 100) + dayOfYear + day - 719469;
}

/** 21.4.1.28 MakeDay, MakeTime, MakeDate: fields are year, month, day, hours, minutes, seconds, milliseconds. */
function makeTime(fields) {
  for (let i = 0; i < 7; i++) {
    const field = fields[i];
    if (field - field !== 0) return NaN;
    fields[i] = $math(3, field) + 0;
  }
  if ($math(0, fields[0]) > 400000 || $math(0, fields[1]) > 4800000) return NaN;
  return dayOf(fields[0], fields[1], 1) * DAY + (fields[2] - 1) * DAY + fields[3] * 3600000 + fields[4] * 60000 + fields[5] * 1000 + fields[6];
}

/** 21.4.1.31 TimeClip. */
function timeClip(time) {
  return time - time !== 0 || $math(0, time) > 8.64e15 ? NaN : $math(3, time) + 0;
}

/** The fields of a time, and as the eighth the day of the week. */
function timeFields(time) {
  const days = $math(1, time / DAY);
  const rest = time - days * DAY;
  const z = days + 719468;
  const era = $math(1, z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = $math(1, (dayOfEra - $math(1, dayOfEra / 1460) + $math(1, dayOfEra / 36524) - $math(1, dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + $math(1, yearOfEra / 4) - $math(1, yearOfEra / 100));
  const shifted = $math(1, (5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 2 : shifted - 10;
  return [
    yearOfEra + era * 400 + (month < 2 ? 1 : 0), month, dayOfYear - $math(1, (153 * shifted + 2) / 5) + 1,
    $math(1, rest / 3600000), $math(1, rest / 60000) % 60, $math(1, rest / 1000) % 60, rest % 1000, ((days + 4) % 7 + 7) % 7,
  ];
}

function twoDigits(number) {
  return number < 10 ? `0${number}` : `${number}`;
}

function digits(number, count) {
  const text = `${number}`;
  return text.length < count ? $repeat("0", count - text.length) + text : text;
}

function yearText(year) {
  return year < 0 ? `-${digits(-year, 4)}` : digits(year, 4);
}

function dayName(fields) {
  return $substring(dayNames, fields[7] * 3, fields[7] * 3 + 3);
}

function monthName(fields) {
  return $substring(monthNames, fields[1] * 3, fields[1] * 3 + 3);
}

function clockOf(fields) {
  return `${twoDigits(fields[3])}:${twoDigits(fields[4])}:${twoDigits(fields[5])}`;
}

/** 21.4.4.41.2 DateString. */
function dateString(fields) {
  return `${dayName(fields)} ${monthName(fields)} ${twoDigits(fields[2])} ${yearText(fields[0])}`;
}

/** 21.4.4.41.3 TimeZoneString. */
function zoneText(time) {
  const minutes = zoneOffset(time) / 60000;
  const size = $math(0, minutes);
  const hours = twoDigits($math(1, size / 60));
  const sign = minutes < 0 ? "-" : "+";
  return `GMT${sign}${hours}${twoDigits(size % 60)} (${minutes === 0 ? "Coordinated Universal Time" : `GMT${sign}${hours}:${twoDigits(size % 60)}`})`;
}

function dateTimeText(time) {
  if (time !== time) return "Invalid Date";
  const fields = timeFields(toLocal(time));
  return `${dateString(fields)} ${clockOf(fields)} ${zoneText(time)}`;
}

function isoText(time) {
  const fields = timeFields(time);
  const year = fields[0] < 0 ? `-${digits(-fields[0], 6)}` : fields[0] > 9999 ? `+${digits(fields[0], 6)}` : yearText(fields[0]);
  return `${year}-${twoDigits(fields[1] + 1)}-${twoDigits(fields[2])}T${clockOf(fields)}.${digits(fields[6], 3)}Z`;
}

/** What inspect shows. */
function dateText(date) {
  const time = $slot(date, 0);
  return time !== time ? "Invalid Date" : isoText(time);
}

/** The fields that en-US shows: in UTC if the options say so, else in local time. */
function localFields(time, options) {
  return timeFields($isObject(options) && options.timeZone === "UTC" ? time : toLocal(time));
}

function localDate(fields) {
  return `${fields[1] + 1}/${fields[2]}/${fields[0]}`;
}

function localTime(fields) {
  const hour = fields[3] % 12;
  return `${hour === 0 ? 12 : hour}:${twoDigits(fields[4])}:${twoDigits(fields[5])} ${fields[3] < 12 ? "AM" : "PM"}`;
}

// Parsing (21.4.1.32, then what V8 understands besides)

/** Reads exactly `count` digits at a place; NaN if they are not there. */
function readDigits(text, at, count) {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const unit = $charCode(text, at + i);
    if (unit < 48 || unit > 57) return NaN;
    value = value * 10 + unit - 48;
  }
  return value;
}

/** The ISO form; undefined if the text is not of that form. */
function parseIso(text) {
  let at = 0;
  let sign = 1;
  let year;
  const first = $charAt(text, 0);
  if (first === "+" || first === "-") {
    if (first === "-") sign = -1;
    year = readDigits(text, 1, 6);
    at = 7;
    if (sign < 0 && year === 0) return undefined;
  } else {
    year = readDigits(text, 0, 4);
    at = 4;
  }
  if (year !== year) return undefined;
  const fields = [sign * year, 1, 1, 0, 0, 0, 0];
  for (let i = 1; i < 3 && $charAt(text, at) === "-"; i++) {
    fields[i] = readDigits(text, at + 1, 2);
    at += 3;
  }
  let local = false;
  if ($charAt(text, at) === "T") {
    local = true;
    fields[3] = readDigits(text, at + 1, 2);
    fields[4] = $charAt(text, at + 3) === ":" ? readDigits(text, at + 4, 2) : NaN;
    at += 6;
    if ($charAt(text, at) === ":") {
      fields[5] = readDigits(text, at + 1, 2);
      at += 3;
      if ($charAt(text, at) === "." || $charAt(text, at) === ",") {
        let scale = 100;
        for (at++; readDigits(text, at, 1) >= 0; at++) {
          fields[6] += readDigits(text, at, 1) * scale;
          scale /= 10;
        }
        if (scale === 100) return undefined;
        fields[6] = $math(3, fields[6] + 1e-9);
      }
    }
  }
  let offset = 0;
  const zone = $charAt(text, at);
  if (local && zone === "Z") {
    local = false;
    at++;
  } else if (local && (zone === "+" || zone === "-")) {
    const hours = readDigits(text, at + 1, 2);
    const colon = $charAt(text, at + 3) === ":" ? 1 : 0;
    const minutes = readDigits(text, at + 3 + colon, 2);
    if (hours > 23 || minutes > 59) return NaN;
    offset = (hours * 60 + minutes) * (zone === "-" ? -60000 : 60000);
    local = false;
    at += 5 + colon;
  }
  for (let i = 1; i < 6; i++) if (fields[i] !== fields[i]) return undefined;
  if (offset !== offset || at !== text.length) return undefined;
  if (fields[1] < 1 || fields[1] > 12 || fields[2] < 1 || fields[2] > 31 || fields[3] > 24 || fields[4] > 59 || fields[5] > 59) return NaN;
  if (fields[3] === 24 && (fields[4] > 0 || fields[5] > 0 || fields[6] > 0)) return NaN;
  fields[1]--;
  const time = makeTime(fields);
  return local ? fromLocal(time) : time - offset;
}

/** Is the text the beginning, at least three letters long, of a name in the list? Its index, or -1. */
function nameIndex(word, names) {
  if (word.length < 3) return -1;
  const at = $indexOf($lower(names), $substring(word, 0, 3), 0);
  return at >= 0 && at % 3 === 0 ? at / 3 : -1;
}

/** Dates as people write them: words, numbers, a time with colons, a zone; parentheses are comments. */
function parseLoosely(text) {
  const numbers = [];
  const clock = [];
  let month = -1;
  let offset = NaN;
  let half = "";
  let at = 0;
  while (at < text.length) {
    const unit = $charCode(text, at);
    if (unit >= 48 && unit <= 57) {
      const from = at;
      while (readDigits(text, at, 1) >= 0) at++;
      const value = readDigits(text, from, at - from);
      const next = $charAt(text, at);
      if (next === ":" && clock.length < 3) {
        $push(clock, value);
        at++;
      } else if (clock.length > 0 && clock.length < 3 && $charAt(text, from - 1) === ":") {
        $push(clock, value);
        if (next === ".") {
          while (clock.length < 3) $push(clock, 0);
          const start = ++at;
          while (readDigits(text, at, 1) >= 0) at++;
          $push(clock, $math(3, +`0.${$substring(text, start, at)}` * 1000 + 1e-9));
        }
      } else $push(numbers, value);
      continue;
    }
    if (unit === 40) {
      let depth = 0;
      do {
        if ($charAt(text, at) === "(") depth++;
        if ($charAt(text, at) === ")") depth--;
        at++;
      } while (depth > 0 && at < text.length);
      continue;
    }
    if ((unit === 43 || unit === 45) && (clock.length > 0 || offset === 0)) {
      const from = ++at;
      while (readDigits(text, at, 1) >= 0) at++;
      const count = at - from;
      let value = readDigits(text, from, count);
      if (count === 0) return NaN;
      value = count <= 2 ? value * 60 : $math(3, value / 100) * 60 + value % 100;
      if ($charAt(text, at) === ":") {
        value += readDigits(text, at + 1, 2);
        at += 3;
      }
      offset = unit === 45 ? -value : value;
      continue;
    }
    const letter = unit | 32;
    if (letter < 97 || letter > 122) {
      if (unit > 127) return NaN;
      at++;
      continue;
    }
    const from = at;
    while (($charCode(text, at) | 32) >= 97 && ($charCode(text, at) | 32) <= 122) at++;
    const word = $lower($substring(text, from, at));
    if (nameIndex(word, monthNames) >= 0) month = nameIndex(word, monthNames);
    else if (word === "am" || word === "pm") half = word;
    else if (word === "z" || word === "gmt" || word === "utc" || word === "ut") offset = 0;
    else if (word.length === 3 && $charAt(word, 2) === "t" && $indexOf("ecmp", $charAt(word, 0), 0) >= 0) {
      offset = -60 * ($indexOf("ecmp", $charAt(word, 0), 0) + 5 - ($charAt(word, 1) === "d" ? 1 : 0));
    } else if (word === "t" || nameIndex(word, dayNames) < 0 && numbers.length > 0) return NaN;
  }
  let year;
  let day;
  if (month >= 0) {
    if (numbers.length === 0) return NaN;
    day = numbers[0];
    year = numbers.length > 1 ? numbers[1] : 2001;
    if (day > 31) {
      year = day;
      day = numbers.length > 1 ? numbers[1] : 1;
    }
  } else {
    if (numbers.length === 1) $push(numbers, 1);
    if (numbers.length < 2 || numbers[0] < 1) return NaN;
    const yearFirst = numbers[0] > 31;
    month = numbers[yearFirst ? 1 : 0] - 1;
    day = yearFirst ? (numbers.length > 2 ? numbers[2] : 1) : numbers[1];
    year = yearFirst ? numbers[0] : numbers.length > 2 ? numbers[2] : 2001;
  }
  if (year < 50) year += 2000;
  else if (year < 100) year += 1900;
  while (clock.length < 4) $push(clock, 0);
  if (half !== "") {
    if (clock[0] > 12 || clock[0] === 0) return NaN;
    clock[0] = clock[0] % 12 + (half === "pm" ? 12 : 0);
  }
  if (month < 0 || month > 11 || day < 1 || day > 31 || clock[0] > 24 || clock[1] > 59 || clock[2] > 59) return NaN;
  const time = makeTime([year, month, day, clock[0], clock[1], clock[2], clock[3]]);
  return offset === offset ? time - offset * 60000 : fromLocal(time);
}

function parseDate(value) {
  const time = parseIso(value);
  return timeClip(time === undefined ? parseLoosely(value) : time);
}

/** Fields from the arguments of Date(year, month, …) or Date.UTC. */
function givenFields(list) {
  const fields = [NaN, 0, 1, 0, 0, 0, 0];
  for (let i = 0; i < 7 && i < list.length; i++) fields[i] = toNumber(list[i]);
  const year = toInteger(fields[0]);
  if (fields[0] === fields[0] && year >= 0 && year <= 99) fields[0] = 1900 + year;
  return fields;
}

/** 21.4.2.1 Date(...values). */
function Date(...list) {
  if (new.target === undefined) return dateTimeText($host(["date"]));
  let time;
  if (list.length === 0) time = $host(["date"]);
  else if (list.length === 1) {
    const value = $brand(list[0]) === $$BRAND_DATE ? $slot(list[0], 0) : toPrimitive(list[0], "default");
    time = typeof value === "string" ? parseDate(value) : timeClip(toNumber(value));
  } else time = timeClip(fromLocal(makeTime(givenFields(list))));
  return newWrapper($$BRAND_DATE, prototypeOf(new.target, DatePrototype), time);
}

function timeOfDate(date) {
  if ($brand(date) !== $$BRAND_DATE) throwTypeError("this is not a Date object.");
  return $slot(date, 0);
}

defineConstructor(Date, DatePrototype, {
  now() {
    return $host(["date"]);
  },
  parse(text) {
    return parseDate(`${text}`);
  },
  UTC(year, ...list) {
    const all = [year];
    $arrayConcat(all, list);
    return timeClip(makeTime(givenFields(all)));
  },
}, {
  getTime() {
    return timeOfDate(this);
  },
  getTimezoneOffset() {
    const time = timeOfDate(this);
    return time !== time ? time : 0 - zoneOffset(time) / 60000;
  },
  getYear() {
    const time = timeOfDate(this);
    return time !== time ? time : timeFields(toLocal(time))[0] - 1900;
  },
  setYear(value) {
    const time = timeOfDate(this);
    const fields = givenFields([value]);
    const old = timeFields(time !== time ? 0 : toLocal(time));
    for (let i = 1; i < 7; i++) fields[i] = old[i];
    return $setSlot(this, 0, timeClip(fromLocal(makeTime(fields))));
  },
  setTime(value) {
    timeOfDate(this);
    return $setSlot(this, 0, timeClip(toNumber(value)));
  },
  toDateString() {
    const time = timeOfDate(this);
    return time !== time ? "Invalid Date" : dateString(timeFields(toLocal(time)));
  },
  toISOString() {
    const time = timeOfDate(this);
    if (time !== time) throwRangeError("Invalid time value");
    return isoText(time);
  },
  toJSON(key) {
    const object = toObject(this);
    const value = toPrimitive(object, "number");
    return typeof value === "number" && value - value !== 0 ? null : object.toISOString();
  },
  toLocaleDateString(locales = undefined, options = undefined) {
    const time = timeOfDate(this);
    return time !== time ? "Invalid Date" : localDate(localFields(time, options));
  },
  toLocaleString(locales = undefined, options = undefined) {
    const time = timeOfDate(this);
    if (time !== time) return "Invalid Date";
    const fields = localFields(time, options);
    return `${localDate(fields)}, ${localTime(fields)}`;
  },
  toLocaleTimeString(locales = undefined, options = undefined) {
    const time = timeOfDate(this);
    return time !== time ? "Invalid Date" : localTime(localFields(time, options));
  },
  toString() {
    return dateTimeText(timeOfDate(this));
  },
  toTimeString() {
    const time = timeOfDate(this);
    return time !== time ? "Invalid Date" : `${clockOf(timeFields(toLocal(time)))} ${zoneText(time)}`;
  },
  toUTCString() {
    const time = timeOfDate(this);
    if (time !== time) return "Invalid Date";
    const fields = timeFields(time);
    return `${dayName(fields)}, ${twoDigits(fields[2])} ${monthName(fields)} ${yearText(fields[0])} ${clockOf(fields)} GMT`;
  },
  valueOf() {
    return timeOfDate(this);
  },
});
defineMembers(DatePrototype, {
  [symbolToPrimitive](hint) {
    requireObject(this, "Date.prototype[Symbol.toPrimitive]");
    if (hint !== "string" && hint !== "default" && hint !== "number") throwTypeError(`Invalid hint: ${describe(hint)}`);
    return ordinaryToPrimitive(this, hint !== "number");
  },
}, CONFIGURABLE);
$define(Date, "length", 7, CONFIGURABLE);
setLengths(Date, { UTC: 7 });
$define(DatePrototype, "toGMTString", $getOwnValue(DatePrototype, "toUTCString"), HIDDEN);

/** A field of a date, in UTC or local time. */
function getDateField(date, index, utc) {
  const time = timeOfDate(date);
  return time !== time ? time : timeFields(utc ? time : toLocal(time))[index];
}
/** Sets a field and those that follow it from a list, `most` at most. */
function setDateField(date, list, index, utc, most) {
  let time = timeOfDate(date);
  for (let j = 0; j < list.length && j < most; j++) list[j] = toNumber(list[j]);
  if (list.length === 0) list = [NaN];
  if (time !== time) {
    if (index !== 0) return time;
    time = 0;
  } else if (!utc) time = toLocal(time);
  const fields = timeFields(time);
  for (let j = 0; j < list.length && j < most; j++) fields[index + j] = list[j];
  const changed = makeTime(fields);
  return $setSlot(date, 0, timeClip(utc ? changed : fromLocal(changed)));
}
/** getX and setX, or getUTCX and setUTCX, of one field. */
function makeDateMethods(index, utc, part, most) {
  defineMethods(DatePrototype, {
    [`get${part}`]() {
      return getDateField(this, index, utc);
    },
  });
  if (most === 0) return;
  const setter = `set${part}`;
  defineMethods(DatePrototype, {
    [setter](...list) {
      return setDateField(this, list, index, utc, most);
    },
  });
  $define($getOwnValue(DatePrototype, setter), "length", most, CONFIGURABLE);
}
function makeDateField(index, name, most) {
  makeDateMethods(index, false, name, most);
  makeDateMethods(index, true, `UTC${name}`, most);
}
makeDateField(0, "FullYear", 3);
makeDateField(1, "Month", 2);
makeDateField(2, "Date", 1);
makeDateField(3, "Hours", 4);
makeDateField(4, "Minutes", 3);
makeDateField(5, "Seconds", 2);
makeDateField(6, "Milliseconds", 1);
makeDateField(7, "Day", 0);
