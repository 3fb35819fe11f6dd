// The regular expression compiler: pattern text and flags in, a compact program for a backtracking matcher out. It owns
// the program format below, which the kernel's `$regexpMatch(program, text, from)` runs; it may assume only the string
// and byte intrinsics. It is JavaScript because a pattern is compiled once and matched often, and because an endless
// pattern then costs fuel like any other program.
//
// THE PROGRAM is a cell BYTES of 32-bit little-endian words. Offsets ("at") are word indices from its start.
//
//   word 0   1 (format) | flags << 8: 1 IGNORE_CASE, 2 MULTILINE, 4 DOT_ALL, 8 UNICODE, 16 STICKY, 32 ANCHORED
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

