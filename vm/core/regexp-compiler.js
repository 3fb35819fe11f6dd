// The regular expression compiler: pattern text and flags in, a compact program for a backtracking matcher out. It owns
// the program format below, which the kernel's `$regexpMatch(program, text, from)` runs; it may assume only the string
// and byte intrinsics. It is JavaScript because a pattern is compiled once and matched often, and because an endless
// pattern then costs fuel like any other program.
//
// THE PROGRAM is a cell BYTES of 32-bit little-endian words. Offsets ("at") are word indices from its start.
//
//   word 0   1 (format) | flags << 8: 1 IGNORE_CASE, 2 MULTILINE, 4 DOT_ALL, 8 UNICODE (flags u and v), 16 STICKY, 32 ANCHORED
//   word 1   groups (with group 0) | registers << 16; registers 2i and 2i+1 are where group i starts and ends
//   word 2   the least length of a match in units: no match begins where fewer remain
//   word 3   hint: 0, or where a CHAR, CHAR2, TEXT or CLASS instruction lies which every match begins with
//   word 4   the first instruction
//
// THE MATCHER has a position in the text (units), the program counter, the registers, and a stack of choices. It
// begins at position `from` with all registers -1. If UNICODE is set and `from` lies within a surrogate pair it steps
// back one unit. If no choice is left it begins again one position (UNICODE: one code point) later, up to and with the
// end of the text; never later with STICKY or ANCHORED. The result is an array of 2 * groups positions (-1 unmatched),
// or null. Registers 0 and 1 are set by SAVE instructions like those of any group.
//
// A CHOICE is (where, position): when an instruction fails, the newest choice is popped and the matcher goes on there.
// A register changes only with an UNDO entry (register, old value) pushed on the same stack; failing pops and applies
// the undo entries that lie above the choice. Two instructions cut the stack (LOOK_END, NOT_END below).
//
// INSTRUCTIONS are a word, opcode | A << 8 (A unsigned, 24 bits), and further words. "Forwards" an instruction reads at
// the position and moves up; opcodes with 64 added (only those marked <) read before the position and move down, for
// look-behind. Reading beyond either end of the text fails. A "character" is a unit; for the opcodes ending in _U a
// code point (a surrogate pair counts as one, in both directions).
//
//    0 MATCH             the registers are the result
//    1 CHAR         <    the unit A
//    2 CHAR2        <    the unit A or the unit in the next word
//    3 TEXT              the A units that follow, two a word, the first in the low half
//    4 ANY          <    any unit
//    5 DOT          <    any unit except \n \r \u2028 \u2029
//    6 CLASS        <    a unit in the class at A
//    7 ANY_U        <    any code point
//    8 DOT_U        <    any code point except line terminators
//    9 CLASS_U      <    a code point in the class at A
//   10 JUMP              goes on at A
//   11 SPLIT             pushes the choice (A, position), goes on with the next instruction
//   12 SPLIT_JUMP        pushes the choice (next instruction, position), goes on at A
//   13 SAVE              register A = position
//   14 SET               register A = the next word
//   15 CLEAR             registers A up to and with the next word = -1 (only those that are not -1 need an undo entry)
//   16 LOOP              register A counts a loop; words min, max (signed, 0x7fffffff no limit), exit. With n the count:
//                        n < min goes on with the next instruction; n >= max goes on at exit; else pushes the choice
//                        (exit, position) and goes on with the next instruction
//   17 LOOP_LAZY         the same, but between min and max pushes the choice (next instruction, position), goes on at exit
//   18 COUNT             register A += 1
//   19 EMPTY             fails if register A equals the position (an iteration that matched nothing)
//   20 EMPTY_AFTER       words counter, min: fails if register A equals the position and register counter > min
//   21 GREEDY            word max; then one of the single-character instructions (1, 2, 4 to 9, either direction): matches
//                        it as often as possible, at most max times; fails if fewer than A times; each time beyond A is
//                        a choice (behind that instruction, one character less), the longest first. One stack entry
//                        (where, least position, present position) does for all of them
//   22 LAZY              the same, the shortest first: A times, then one more each time it is failed back into
//   23 POSSESSIVE        like GREEDY without choices: what follows could not match where it would give back
//   24 LOOK              register A = position, register A+1 = height of the stack then; goes on (a look-around's body)
//   25 LOOK_END          position = register A; takes the choices above height register A+1 off the stack, leaving the
//                        undo entries
//   26 NOT               word after: register A+1 = height of the stack, then pushes the choice (after, position)
//   27 NOT_END           the body of a negative look-around matched: undoes and cuts the stack to height register A+1,
//                        then fails
//   28 BACKREF      <    the text of group A (forwards compares on from the position; succeeds if it is unmatched)
//   29 BACKREF_I    <    likewise by the simple upper-case mapping of units (a mapping from above 127 to below 128 does
//                        not count), with UNICODE set by that of code points without that exception
//   30 START             the position is 0
//   31 END               the position is the end of the text
//   32 LINE_START        the position is 0 or behind a line terminator
//   33 LINE_END          the position is the end or before a line terminator
//   34 BOUNDARY          exactly one of the units before and at the position is a word character [0-9A-Za-z_]; with A = 1
//                        also \u017f and \u212a are word characters
//   35 NOT_BOUNDARY      the opposite
//
// A CLASS is 8 words of bits for the units 0 to 255 (unit u: word u >> 5, bit u & 31), then a word n | m << 16, then n
// words low | high << 16 for ascending ranges of 256 to 65535, then m pairs of words low, high for ranges beyond.
//
// The matcher charges one step an instruction, one a stack entry it pops, and one for 16 characters of a run. It checks
// every offset, register and length against the program's (a forged image may hold anything) and stops with FAULT.


// Flags of word 0, and the opcodes, as above.
const RE_IGNORE_CASE = 1;
const RE_MULTILINE = 2;
const RE_DOT_ALL = 4;
const RE_UNICODE = 8;
const RE_STICKY = 16;
const RE_ANCHORED = 32;

const RE_MATCH = 0;
const RE_CHAR = 1;
const RE_CHAR2 = 2;
const RE_TEXT = 3;
const RE_ANY = 4;
const RE_DOT = 5;
const RE_CLASS = 6;
const RE_CLASS_U = 9;
const RE_JUMP = 10;
const RE_SPLIT = 11;
const RE_SPLIT_JUMP = 12;
const RE_SAVE = 13;
const RE_SET = 14;
const RE_CLEAR = 15;
const RE_LOOP = 16;
const RE_LOOP_LAZY = 17;
const RE_COUNT = 18;
const RE_EMPTY = 19;
const RE_EMPTY_AFTER = 20;
const RE_GREEDY = 21;
const RE_LAZY = 22;
const RE_POSSESSIVE = 23;
const RE_LOOK = 24;
const RE_LOOK_END = 25;
const RE_NOT = 26;
const RE_NOT_END = 27;
const RE_BACKREF = 28;
const RE_START = 30;
const RE_END = 31;
const RE_LINE_START = 32;
const RE_LINE_END = 33;
const RE_BOUNDARY = 34;
const RE_NOT_BOUNDARY = 35;
const RE_BACKWARDS = 64;
const RE_INFINITE = 0x7fffffff;

// What follows from a node

/** The least number of units that a node matches. */
function reMinLength(node) {
  switch (node[0]) {
    case NODE_SET: case NODE_CHAR: return 1;
    case NODE_GROUP: return reMinLength(node[1]);
    case NODE_REPEAT: {
      const length = reMinLength(node[1]) * node[2];
      return length > 0xffff ? 0xffff : length;
    }
    case NODE_SEQUENCE: {
      let sum = 0;
      for (let i = 0; i < node[1].length; i++) sum += reMinLength(node[1][i]);
      return sum > 0xffff ? 0xffff : sum;
    }
    case NODE_CHOICE: {
      let least = 0xffff;
      for (let i = 0; i < node[1].length; i++) {
        const length = reMinLength(node[1][i]);
        if (length < least) least = length;
      }
      return least;
    }
  }
  return 0;
}

/** "Character" of a follow set: nothing more has to match. */
const reAccept = [-1, -1];

/**
 * The characters that can come first when a node and then what follows match; undefined if that is not known. It serves
 * to see that a loop need not give back characters: none of those it took could come next. Where an assertion stands
 * before the end of the pattern, giving back can help all the same.
 */
function reFirst(node, follow) {
  switch (node[0]) {
    case NODE_SET: return node[1];
    case NODE_CHAR: return [node[1], node[1]];
    case NODE_GROUP: return reFirst(node[1], follow);
    case NODE_REPEAT: {
      if (node[3] === 0) return follow;
      if (node[2] > 0 && reMinLength(node[1]) > 0) return reFirst(node[1], undefined);
      const inner = follow === undefined ? undefined : reFirst(node[1], follow);
      return inner === undefined ? undefined : reUnion(inner, follow);
    }
    case NODE_SEQUENCE: {
      let first = follow;
      for (let i = node[1].length - 1; i >= 0; i--) first = reFirst(node[1][i], first);
      return first;
    }
    case NODE_CHOICE: {
      const all = [];
      for (let i = 0; i < node[1].length; i++) {
        const first = reFirst(node[1][i], follow);
        if (first === undefined) return undefined;
        $arrayConcat(all, first);
      }
      return reNormalize(all);
    }
    case NODE_ASSERT:
      if (node[1] === RE_END) return [];
      if (node[1] === RE_LINE_END) return reLineEnds;
      return follow === undefined || follow[0] < 0 ? undefined : follow;
    case NODE_LOOK: return follow === undefined || follow[0] < 0 ? undefined : follow;
  }
  return undefined;
}

// The emitter

function reEmit(r, opcode, a) {
  if (r.code.length > 0xffffff) reFail(r, "Regular expression too large");
  return $push(r.code, opcode + a * 256) - 1;
}

function rePatch(r, at) {
  r.code[at] += r.code.length * 256;
}

function reNewRegisters(r, count) {
  const first = r.registers;
  r.registers += count;
  if (r.registers > 65535) reFail(r, "Regular expression too large");
  return first;
}

/** Where a set will lie as a CLASS; the word's place is noted so that it can be filled in. */
function reClassAt(r, set, at) {
  $push(r.fixups, at);
  for (let i = 0; i < r.classes.length; i++) {
    if (reSameSet(r.classes[i], set)) {
      $push(r.fixups, i);
      return;
    }
  }
  $push(r.fixups, $push(r.classes, set) - 1);
}

function reSameSet(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Is the node a single instruction that matches one character? */
function reIsSingle(r, node) {
  return node[0] === NODE_SET || node[0] === NODE_CHAR && (!r.unicode || node[1] < 0xd800);
}

/** Emits the instruction for one character of a set, or (back) the one before. */
function reEmitSet(r, set, back) {
  const direction = back ? RE_BACKWARDS : 0;
  const last = set.length > 0 ? set[set.length - 1] : 0;
  // With the flag u a set without surrogates and what is beyond them can look at units.
  const wide = r.unicode && (last > 65535 || !reDisjoint(set, [0xd800, 0xdfff]));
  if (set.length === 2 && set[0] === 0 && last === 0x10ffff) reEmit(r, (wide ? RE_ANY + 3 : RE_ANY) + direction, 0);
  else if (!r.ignoreCase && last === 0x10ffff && reSameSet(set, reInvert(reLineEnds))) reEmit(r, (wide ? RE_DOT + 3 : RE_DOT) + direction, 0);
  else if (!wide && set.length === 2 && set[0] === last) reEmit(r, RE_CHAR + direction, last);
  else if (!wide && set.length === 4 && set[0] === set[1] && set[2] === last) {
    reEmit(r, RE_CHAR2 + direction, set[0]);
    $push(r.code, last);
  } else reClassAt(r, set, reEmit(r, (wide ? RE_CLASS_U : RE_CLASS) + direction, 0));
}

function reEmitCharacter(r, point, back) {
  if (r.unicode && point >= 0xd800 && point <= 0xdfff) reEmitSet(r, [point, point], back);
  else if (point > 65535) {
    const lead = 0xd800 + (point - 0x10000 >> 10);
    const trail = 0xdc00 + (point & 1023);
    reEmit(r, back ? RE_CHAR + RE_BACKWARDS : RE_CHAR, back ? trail : lead);
    reEmit(r, back ? RE_CHAR + RE_BACKWARDS : RE_CHAR, back ? lead : trail);
  } else reEmit(r, back ? RE_CHAR + RE_BACKWARDS : RE_CHAR, point);
}

/** Emits a node; `follow` is the set of characters that can come behind it, if known (never for look-behind). */
function reEmitNode(r, node, back, follow) {
  switch (node[0]) {
    case NODE_SET:
      reEmitSet(r, node[1], back);
      return;
    case NODE_CHAR:
      reEmitCharacter(r, node[1], back);
      return;
    case NODE_SEQUENCE:
      reEmitSequence(r, node[1], back, follow);
      return;
    case NODE_CHOICE: {
      const list = node[1];
      const ends = [];
      for (let i = 0; i < list.length; i++) {
        const split = i < list.length - 1 ? reEmit(r, RE_SPLIT, 0) : -1;
        reEmitNode(r, list[i], back, follow);
        if (split < 0) break;
        $push(ends, reEmit(r, RE_JUMP, 0));
        rePatch(r, split);
      }
      for (let i = 0; i < ends.length; i++) rePatch(r, ends[i]);
      return;
    }
    case NODE_GROUP:
      reEmit(r, RE_SAVE, 2 * node[2] + (back ? 1 : 0));
      reEmitNode(r, node[1], back, follow);
      reEmit(r, RE_SAVE, 2 * node[2] + (back ? 0 : 1));
      return;
    case NODE_REPEAT:
      reEmitRepeat(r, node, back, follow);
      return;
    case NODE_LOOK: {
      const register = reNewRegisters(r, 2);
      reEmit(r, node[3] ? RE_NOT : RE_LOOK, register);
      const after = node[3] ? $push(r.code, 0) - 1 : -1;
      reEmitNode(r, node[1], node[2], node[2] ? undefined : reAccept);
      reEmit(r, node[3] ? RE_NOT_END : RE_LOOK_END, register);
      if (after >= 0) r.code[after] = r.code.length;
      return;
    }
    case NODE_BACKREF: {
      // Of the groups that have a name at most one matched, and a reference to another matches nothing.
      for (let i = 0; i < r.names.length; i += 2) if (r.names[i] === node[1]) reEmitReference(r, node, r.names[i + 1], back);
      if (typeof node[1] === "number") reEmitReference(r, node, node[1], back);
      return;
    }
  }
  reEmit(r, node[1], node[2]);
}

function reEmitReference(r, node, group, back) {
  reEmit(r, RE_BACKREF + (node[2] ? 1 : 0) + (back ? RE_BACKWARDS : 0), group);
}

function reEmitSequence(r, list, back, follow) {
  if (back) {
    for (let i = list.length - 1; i >= 0; i--) reEmitNode(r, list[i], true, undefined);
    return;
  }
  const firsts = $arraySlice(list, 0, list.length);
  for (let i = list.length - 1; i >= 0; i--) {
    firsts[i] = follow;
    follow = reFirst(list[i], follow);
  }
  for (let i = 0; i < list.length; i++) {
    let end = i;
    while (end < list.length && list[end][0] === NODE_CHAR && list[end][1] < 0xd800) end++;
    if (end - i < 3) {
      reEmitNode(r, list[i], false, firsts[i]);
      continue;
    }
    reEmit(r, RE_TEXT, end - i);
    for (let j = i; j < end; j += 2) $push(r.code, list[j][1] + (j + 1 < end ? list[j + 1][1] * 65536 : 0));
    i = end - 1;
  }
}

function reEmitRepeat(r, node, back, follow) {
  const body = node[1];
  const min = node[2];
  const max = node[3];
  const greedy = node[4];
  if (max === 0) return;
  if (min === 1 && max === 1) {
    reEmitNode(r, body, back, follow);
    return;
  }
  if (reIsSingle(r, body)) {
    const possessive = greedy && !back && follow !== undefined && reDisjoint(reFirst(body, undefined), follow);
    reEmit(r, possessive || min === max ? RE_POSSESSIVE : greedy ? RE_GREEDY : RE_LAZY, min);
    $push(r.code, max);
    reEmitNode(r, body, back, undefined);
    return;
  }
  const canBeEmpty = reMinLength(body) === 0;
  const first = canBeEmpty || back || follow === undefined ? undefined : reFirst(body, undefined);
  const inner = max === 1 ? (canBeEmpty ? undefined : follow) : first === undefined ? undefined : reUnion(first, follow);
  const mark = canBeEmpty ? reNewRegisters(r, 1) : -1;
  const body1 = () => {
    if (mark >= 0) reEmit(r, RE_SAVE, mark);
    if (node[6] > 0) {
      reEmit(r, RE_CLEAR, 2 * node[5]);
      $push(r.code, 2 * (node[5] + node[6]) - 1);
    }
    reEmitNode(r, body, back, inner);
  };
  const start = r.code.length;
  if (min === 0 && (max === 1 || max === RE_INFINITE)) {
    const split = reEmit(r, greedy ? RE_SPLIT : RE_SPLIT_JUMP, 0);
    body1();
    if (mark >= 0) reEmit(r, RE_EMPTY, mark);
    if (max !== 1) reEmit(r, RE_JUMP, start);
    rePatch(r, split);
  } else if (min === 1 && max === RE_INFINITE && mark < 0) {
    body1();
    reEmit(r, greedy ? RE_SPLIT_JUMP : RE_SPLIT, start);
  } else {
    const counter = reNewRegisters(r, 1);
    reEmit(r, RE_SET, counter);
    $push(r.code, 0);
    const loop = reEmit(r, greedy ? RE_LOOP : RE_LOOP_LAZY, counter);
    $push(r.code, min);
    $push(r.code, max);
    const exit = $push(r.code, 0) - 1;
    reEmit(r, RE_COUNT, counter);
    body1();
    if (mark >= 0) {
      reEmit(r, RE_EMPTY_AFTER, mark);
      $push(r.code, counter);
      $push(r.code, min);
    }
    reEmit(r, RE_JUMP, loop);
    r.code[exit] = r.code.length;
  }
}

/** Appends the classes and fills in where they lie. */
function reEmitClasses(r) {
  const places = [];
  for (let i = 0; i < r.classes.length; i++) {
    $push(places, r.code.length);
    const set = r.classes[i];
    const bits = [0, 0, 0, 0, 0, 0, 0, 0];
    const near = [];
    const far = [];
    for (let j = 0; j < set.length; j += 2) {
      for (let unit = set[j]; unit <= set[j + 1] && unit < 256; unit++) bits[unit >> 5] |= 1 << (unit & 31);
      if (set[j + 1] > 255 && set[j] < 65536) {
        const low = set[j] > 256 ? set[j] : 256;
        const high = set[j + 1] < 65535 ? set[j + 1] : 65535;
        $push(near, low + high * 65536);
      }
      if (set[j + 1] > 65535) {
        $push(far, set[j] > 65536 ? set[j] : 65536);
        $push(far, set[j + 1]);
      }
    }
    $arrayConcat(r.code, bits);
    $push(r.code, near.length + (far.length >> 1) * 65536);
    $arrayConcat(r.code, near);
    $arrayConcat(r.code, far);
  }
  for (let i = 0; i < r.fixups.length; i += 2) r.code[r.fixups[i]] += places[r.fixups[i + 1]] * 256;
}

/** Is every match at the start of the text? */
function reIsAnchored(node) {
  switch (node[0]) {
    case NODE_ASSERT: return node[1] === RE_START;
    case NODE_SEQUENCE: return node[1].length > 0 && reIsAnchored(node[1][0]);
    case NODE_GROUP: return reIsAnchored(node[1]);
    case NODE_CHOICE: {
      for (let i = 0; i < node[1].length; i++) if (!reIsAnchored(node[1][i])) return false;
      return true;
    }
  }
  return false;
}

/**
 * Compiles a pattern: [program, names], names being a flat list of group name, number, … Throws a SyntaxError.
 * `bits` are the flags of word 0, `flags` their letters.
 */
function compileRegExp(text, bits, flags) {
  const r = {
    text, flags, at: 0, unicode: (bits & RE_UNICODE) !== 0, ignoreCase: (bits & RE_IGNORE_CASE) !== 0, multiline: (bits & RE_MULTILINE) !== 0, dotAll: (bits & RE_DOT_ALL) !== 0,
    set: $indexOf(flags, "v", 0) >= 0, repeat: false, groups: 0, total: 0, named: false, names: [], references: [], code: [0, 0, 0, 0], classes: [], fixups: [], registers: 0,
  };
  reCountGroups(r);
  const node = reDisjunction(r);
  if (r.at < text.length) reFail(r, "Unmatched ')'");
  for (let i = 0; i < r.references.length; i++) if ($arrayIndexOf(r.names, r.references[i], 0, 0) < 0) reFail(r, "Invalid named capture referenced");
  if (r.repeat) reGroupNames(r, node);
  r.registers = 2 * r.groups + 2;
  reEmit(r, RE_SAVE, 0);
  reEmitNode(r, node, false, reAccept);
  reEmit(r, RE_SAVE, 1);
  reEmit(r, RE_MATCH, 0);
  const length = reMinLength(node);
  let first = length > 0 ? reFirst(node, undefined) : undefined;
  if ((r.code[5] & 255) === RE_TEXT) r.code[3] = 5;
  else if (first !== undefined && first[first.length - 1] < 0x10ffff) {
    // The hint looks at units: what is beyond them begins with a leading surrogate.
    if (first[first.length - 1] > 65535) {
      const units = [];
      for (let i = 0; i < first.length && first[i] < 65536; i += 2) {
        $push(units, first[i]);
        $push(units, first[i + 1] < 65535 ? first[i + 1] : 65535);
      }
      first = reUnion(units, [0xd800, 0xdbff]);
    }
    r.unicode = false;
    r.code[3] = r.code.length;
    reEmitSet(r, first, false);
  }
  reEmitClasses(r);
  const code = r.code;
  code[0] = 1 + (reIsAnchored(node) ? bits | RE_ANCHORED : bits) * 256;
  code[1] = r.groups + 1 + r.registers * 65536;
  code[2] = length;
  const program = $newBytes(code.length * 4);
  for (let i = 0; i < code.length; i++) $bytesWrite(program, i * 4, $$TYPE_UINT32, true, code[i]);
  return [program, r.names];
}
