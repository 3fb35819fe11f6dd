// String.prototype.normalize (ECMA-262 22.1.3.15, Unicode's annex 15) for texts that string.js does not see to be in the
// form already: taken apart, marks in the order of their classes, put together again. It is JavaScript, so that a long
// text can be stopped anywhere.
//
// The tables (normal-forms.js) are texts of 16-bit units that are searched as they are, a text for each plane of 65536
// code points. normalCanonical and normalCompatible have records low, high, units, place: characters low to high of the
// plane become so many units each, those of the first at the place in normalPool. Compatible ones are only those that
// are others than the canonical ones. normalClasses has records low, high, class: classes are numbered from 1 in their
// order. normalCompositions has records first, second, composed, where these have 1, 1, 1 units, 2, 1, 2 and 2, 2, 2.
// The syllables of Hangul are reckoned.

const HANGUL = 0xac00;
const HANGUL_COUNT = 11172;
const HANGUL_LEAD = 0x1100;
const HANGUL_VOWEL = 0x1161;
const HANGUL_TRAIL = 0x11a7;
const HANGUL_TRAILS = 28;
const HANGUL_BLOCK = 588;

/** The first unit of the record, `width` units of a text each, in which a point lies, -1 if there is none. */
function normalRecord(planes, width, point) {
  const plane = point >> 16;
  if (plane > 2) return -1;
  const text = planes[plane];
  const unit = point & 0xffff;
  let low = 0;
  let high = text.length / width;
  while (low < high) {
    const middle = low + high >> 1;
    if ($charCode(text, middle * width + 1) < unit) low = middle + 1;
    else high = middle;
  }
  const at = low * width;
  return at < text.length && $charCode(text, at) <= unit ? at : -1;
}

/** The class of a character, 0 for what is no mark. */
function normalClass(point) {
  if (point < 0x300) return 0;
  const at = normalRecord(normalClasses, 3, point);
  return at < 0 ? 0 : $charCode(normalClasses[point >> 16], at + 2);
}

/** What a character is taken apart to, undefined if it stays. */
function normalParts(planes, point) {
  const at = normalRecord(planes, 4, point);
  if (at < 0) return undefined;
  const text = planes[point >> 16];
  const units = $charCode(text, at + 2);
  const place = $charCode(text, at + 3) + ((point & 0xffff) - $charCode(text, at)) * units;
  return $substring(normalPool, place, place + units);
}

/** The composed character of two, -1 if there is none. */
function normalComposed(first, second) {
  const vowel = second - HANGUL_VOWEL;
  if (first >= HANGUL_LEAD && first < HANGUL_LEAD + 19 && vowel >= 0 && vowel < 21) return HANGUL + (first - HANGUL_LEAD) * HANGUL_BLOCK + vowel * HANGUL_TRAILS;
  const syllable = first - HANGUL;
  if (syllable >= 0 && syllable < HANGUL_COUNT && syllable % HANGUL_TRAILS === 0 && second > HANGUL_TRAIL && second < HANGUL_TRAIL + HANGUL_TRAILS) return first + second - HANGUL_TRAIL;
  const isFar = first > 65535;
  if (second > 65535 && !isFar) return -1;
  const text = normalCompositions[isFar ? second > 65535 ? 2 : 1 : 0];
  const behindFirst = isFar ? 2 : 1;
  const behindSecond = behindFirst + (second > 65535 ? 2 : 1);
  const width = behindSecond + behindFirst;
  let low = 0;
  let high = text.length / width;
  while (low < high) {
    const middle = low + high >> 1;
    const at = middle * width;
    const own = $codePoint(text, at);
    if (own < first || own === first && $codePoint(text, at + behindFirst) < second) low = middle + 1;
    else high = middle;
  }
  const at = low * width;
  return $codePoint(text, at) === first && $codePoint(text, at + behindFirst) === second ? $codePoint(text, at + behindSecond) : -1;
}

/** Adds a character that cannot be taken apart, and its class. */
function normalAdd(points, classes, point) {
  $push(points, point);
  $push(classes, normalClass(point));
}

function normalAddText(points, classes, text) {
  for (let at = 0; at < text.length;) {
    const point = $codePoint(text, at);
    normalAdd(points, classes, point);
    at += point > 65535 ? 2 : 1;
  }
}

function normalAddHangul(points, classes, syllable) {
  normalAdd(points, classes, HANGUL_LEAD + (syllable / HANGUL_BLOCK | 0));
  normalAdd(points, classes, HANGUL_VOWEL + (syllable % HANGUL_BLOCK / HANGUL_TRAILS | 0));
  if (syllable % HANGUL_TRAILS > 0) normalAdd(points, classes, HANGUL_TRAIL + syllable % HANGUL_TRAILS);
}

/** A text in a form: NFC, NFD, NFKC or NFKD. */
function normalForm(text, form) {
  const points = [];
  const classes = [];
  for (let at = 0; at < text.length;) {
    const point = $codePoint(text, at);
    at += point > 65535 ? 2 : 1;
    if (point < 160) {
      $push(points, point);
      $push(classes, 0);
    } else if (point >= HANGUL && point < HANGUL + HANGUL_COUNT) normalAddHangul(points, classes, point - HANGUL);
    else {
      const parts = form.length === 4 ? normalParts(normalCompatible, point) : undefined;
      const own = parts === undefined ? normalParts(normalCanonical, point) : parts;
      if (own === undefined) normalAdd(points, classes, point);
      else normalAddText(points, classes, own);
    }
  }
  normalOrder(points, classes);
  if ($charAt(form, form.length - 1) === "C") normalCompose(points, classes);
  return $pointsText(points);
}

function normalCompare(a, b) {
  return a[0] - b[0];
}

/** Sorts each run of marks by class. */
function normalOrder(points, classes) {
  for (let i = 1; i < points.length; i++) {
    if (classes[i] === 0 || classes[i] >= classes[i - 1]) continue;
    let from = i - 1;
    while (from > 0 && classes[from - 1] > 0) from--;
    const marks = [];
    let end = from;
    for (; end < points.length && classes[end] > 0; end++) $push(marks, [classes[end], points[end]]);
    const sorted = mergeSort(marks, normalCompare);
    for (let j = from; j < end; j++) {
      classes[j] = sorted[j - from][0];
      points[j] = sorted[j - from][1];
    }
    i = end;
  }
}

/** Puts together what has a composed character; what is left moves up. */
function normalCompose(points, classes) {
  let starter = -1;
  // The class of what was last kept behind the starter, -1 if there is nothing.
  let last = -1;
  let kept = 0;
  for (let i = 0; i < points.length; i++) {
    const own = classes[i];
    const composed = starter >= 0 && last < own ? normalComposed(points[starter], points[i]) : -1;
    if (composed >= 0) {
      points[starter] = composed;
      continue;
    }
    points[kept] = points[i];
    if (own === 0) {
      starter = kept;
      last = -1;
    } else last = own;
    kept++;
  }
  $setLength(points, kept);
}
