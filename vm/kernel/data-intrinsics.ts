// The intrinsics on data, by number: strings, numbers, symbols, hash tables, bytes and typed arrays. Here are only the
// ways from a number to a function and the few intrinsics too small for a file of their own; the interpreter's
// dispatcher calls dataIntrinsic for those numbers, pops the operands and pushes the result.

import { Cell, Field } from "../format/cells.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Reg } from "../format/registers.js";
import { Immediate } from "../format/words.js";
import { bigOfText, textOfBig } from "./bigdigits.js";
import { bigOfNumber, bitsOfBig, numberOfBig, wrapBig } from "./bigint.js";
import { captures, expand, matchArray, mergeStep } from "./bulk.js";
import {
  byteAt, bytesFill, bytesLength, bytesMove, bytesRead, bytesWrite, newBytes, newTyped, setByte, typedFill, typedInfo,
} from "./bytes.js";
import { allocate, fault, isNumber, isText, kindOf, nextSerial, numberResult, numberValue, reference, reserve, truth } from "./heap.js";
import {
  mathAcosh, mathAsinh, mathAtanh, mathCbrt, mathCosh, mathExp, mathExpm1, mathFround, mathHypot2, mathLog, mathLog10, mathLog1p,
  mathLog2, mathPow, mathRound, mathSign, mathSinh, mathTanh,
} from "./math.js";
import { M } from "./memory.js";
import { foldedPoint } from "./regexp.js";
import { isCore } from "./shape.js";
import {
  chargeSearch, newTable, tableClear, tableCount, tableDelete, tableFind, tableForward, tableGet, tableKey, tableNext, tableSet,
  tableSuccessor, tableValue,
} from "./table.js";
import {
  charAt, charCode, codePoint, compareText, fromCharCode, fromCodePoint, indexOf, isIndex, joinTexts, jsonQuote, jsonScan, lastIndexOf,
  latin1Text, lower, numberToTextWord, parseFloatWord, parseIntWord, pointsText, repeat, substring, textHash, textToNumberWord, toExponential,
  toFixed, toPrecision, trim, upper, utf8Decode, utf8Encode,
} from "./textops.js";
import { mathAcos, mathAsin, mathAtan, mathAtan2, mathCos, mathSin, mathTan } from "./trigonometry.js";
import type { f64, i32 } from "./types.js";

/** A symbol registered with Symbol.for (flags of the cell SYMBOL). */
const REGISTERED = 4;
const SYMBOL_WORDS = 4;

/** The last of Math's functions of one number, and of two. */
const MATH_LAST = 27;
const MATH2_LAST = 5;

/** Math's functions of one number, by the numbers of the intrinsic `math`. */
export function mathOf(number: i32, x: f64): f64 {
  switch (number) {
    case 0: return Math.abs(x);
    case 1: return Math.floor(x);
    case 2: return Math.ceil(x);
    case 3: return Math.trunc(x);
    case 4: return mathRound(x);
    case 5: return Math.sqrt(x);
    case 6: return mathSign(x);
    case 7: return mathFround(x);
    case 8: return mathExp(x);
    case 9: return mathExpm1(x);
    case 10: return mathLog(x);
    case 11: return mathLog1p(x);
    case 12: return mathLog2(x);
    case 13: return mathLog10(x);
    case 14: return mathSin(x);
    case 15: return mathCos(x);
    case 16: return mathTan(x);
    case 17: return mathAsin(x);
    case 18: return mathAcos(x);
    case 19: return mathAtan(x);
    case 20: return mathSinh(x);
    case 21: return mathCosh(x);
    case 22: return mathTanh(x);
    case 23: return mathAsinh(x);
    case 24: return mathAcosh(x);
    case 25: return mathAtanh(x);
    case 26: return mathCbrt(x);
    default: return Math.clz32(x | 0);
  }
}
/** The greater of two numbers; 0 is greater than -0. Source: ECMA-262 §21.3.2.24. */
export function mathMax2(x: f64, y: f64): f64 {
  if (x !== x || y !== y) return NaN;
  if (x === 0 && y === 0) return 1 / x > 0 ? x : y;
  return x > y ? x : y;
}
/** The lesser of two numbers; -0 is less than 0. Source: ECMA-262 §21.3.2.25. */
export function mathMin2(x: f64, y: f64): f64 {
  if (x !== x || y !== y) return NaN;
  if (x === 0 && y === 0) return 1 / x < 0 ? x : y;
  return x < y ? x : y;
}
/** Math's functions of two numbers, by the numbers of the intrinsic `math2`. */
export function math2Of(number: i32, x: f64, y: f64): f64 {
  switch (number) {
    case 0: return mathPow(x, y);
    case 1: return mathAtan2(x, y);
    case 2: return Math.imul(x | 0, y | 0);
    case 3: return mathMax2(x, y);
    case 4: return mathMin2(x, y);
    default: return mathHypot2(x, y);
  }
}
function math1(number: i32, x: i32): i32 {
  if ((number & 1) !== 0 || number < 0 || number >> 1 > MATH_LAST || !isNumber(x)) return fault();
  const value = mathOf(number >> 1, numberValue(x));
  return numberResult(value);
}
function math2(number: i32, x: i32, y: i32): i32 {
  if ((number & 1) !== 0 || number < 0 || number >> 1 > MATH2_LAST || !isNumber(x) || !isNumber(y)) return fault();
  const value = math2Of(number >> 1, numberValue(x), numberValue(y));
  return numberResult(value);
}

/**
 * The next random number, from 0 to below 1, as a word. It is a multiple of 2^-53 and the box is reserved before the
 * state moves on. Source: Vigna, Further scramblings of Marsaglia's xorshift generators, 2014 (xorshift128+ with 23, 18,
 * 5), in halves of 32 bits: state words 0, 1 are the first number's low and high half, 2, 3 the second's.
 */
export function randomNumber(): i32 {
  if (!reserve(4)) return Immediate.NONE;
  const low: i32 = M[Reg.RANDOM_0];
  const high: i32 = M[Reg.RANDOM_1];
  const otherLow: i32 = M[Reg.RANDOM_2];
  const otherHigh: i32 = M[Reg.RANDOM_3];
  // x ^= x << 23; x ^ y ^ x >>> 18 ^ y >>> 5 becomes the second number, y the first.
  const shiftedHigh: i32 = high ^ ((high << 23) | (low >>> 9));
  const shiftedLow: i32 = low ^ (low << 23);
  const nextLow: i32 = shiftedLow ^ otherLow ^ ((shiftedLow >>> 18) | (shiftedHigh << 14)) ^ ((otherLow >>> 5) | (otherHigh << 27));
  const nextHigh: i32 = shiftedHigh ^ otherHigh ^ (shiftedHigh >>> 18) ^ (otherHigh >>> 5);
  M[Reg.RANDOM_0] = otherLow;
  M[Reg.RANDOM_1] = otherHigh;
  M[Reg.RANDOM_2] = nextLow;
  M[Reg.RANDOM_3] = nextHigh;
  // The sum of both numbers modulo 2^64; its upper 53 bits are the result.
  const sumLow: f64 = (nextLow >>> 0) + (otherLow >>> 0);
  const carry: i32 = sumLow > 4294967295 ? 1 : 0;
  const sumHigh: i32 = (nextHigh + otherHigh + carry) | 0;
  const lowBits: i32 = (nextLow + otherLow) | 0;
  const upper26: f64 = sumHigh >>> 6;
  const lower27: f64 = (((sumHigh & 63) << 21) | (lowBits >>> 11)) >>> 0;
  return numberResult((upper26 * 134217728 + lower27) / 9007199254740992);
}

function newSymbol(description: i32): i32 {
  if (description !== Immediate.UNDEFINED && !isText(description)) return fault();
  if (!reserve(SYMBOL_WORDS)) return Immediate.NONE;
  const address = allocate(Cell.SYMBOL, SYMBOL_WORDS);
  const serial = nextSerial();
  M[address + Field.SYMBOL_FLAGS] = 0;
  M[address + Field.SYMBOL_SERIAL] = serial;
  M[address + Field.SYMBOL_DESCRIPTION] = description;
  return reference(address);
}
function symbolDescription(symbol: i32): i32 {
  return kindOf(symbol) === Cell.SYMBOL ? M[(symbol >> 2) + Field.SYMBOL_DESCRIPTION] : fault();
}
function markRegistered(symbol: i32): i32 {
  if (kindOf(symbol) !== Cell.SYMBOL || isCore(symbol >> 2)) return fault();
  M[(symbol >> 2) + Field.SYMBOL_FLAGS] = M[(symbol >> 2) + Field.SYMBOL_FLAGS] | REGISTERED;
  return Immediate.UNDEFINED;
}
function isRegistered(symbol: i32): i32 {
  return kindOf(symbol) === Cell.SYMBOL ? truth((M[(symbol >> 2) + Field.SYMBOL_FLAGS] & REGISTERED) !== 0) : fault();
}

function makeTable(entryWords: i32, weak: i32): i32 {
  return (entryWords & 1) === 0 ? newTable(entryWords >> 1, weak) : fault();
}
function findCharged(table: i32, key: i32): i32 {
  const entry = tableFind(table, key);
  if (entry !== Immediate.NONE) chargeSearch(key);
  return entry;
}
function getCharged(table: i32, key: i32): i32 {
  const value = tableGet(table, key);
  if (value !== Immediate.NONE) chargeSearch(key);
  return value;
}

/**
 * Runs intrinsic `id` of these groups on the operands at `sp`, the last on top. Its result, or NONE. Words beyond the
 * operands are read too, which is harmless: the running function's frame lies there.
 */
export function dataIntrinsic(id: i32, sp: i32): i32 {
  const d: i32 = M[sp];
  const c: i32 = M[sp + 1];
  const b: i32 = M[sp + 2];
  const a: i32 = M[sp + 3];
  switch (id) {
    case Intrinsic.mergeStep: return mergeStep(c, d);
    case Intrinsic.captures: return captures(c, d);
    case Intrinsic.matchArray: return matchArray(c, d);
    case Intrinsic.expand: return expand(a, b, c, d);
    case Intrinsic.charCode: return charCode(c, d);
    case Intrinsic.codePoint: return codePoint(c, d);
    case Intrinsic.charAt: return charAt(c, d);
    case Intrinsic.substring: return substring(b, c, d);
    case Intrinsic.indexOf: return indexOf(b, c, d);
    case Intrinsic.lastIndexOf: return lastIndexOf(b, c, d);
    case Intrinsic.fromCharCode: return fromCharCode(d);
    case Intrinsic.fromCodePoint: return fromCodePoint(d);
    case Intrinsic.pointsText: return pointsText(d);
    case Intrinsic.foldPoint: return foldedPoint(c, d);
    case Intrinsic.compareText: return compareText(c, d);
    case Intrinsic.repeat: return repeat(c, d);
    case Intrinsic.joinTexts: return joinTexts(c, d);
    case Intrinsic.trim: return trim(c, d);
    case Intrinsic.upper: return upper(d);
    case Intrinsic.lower: return lower(d);
    case Intrinsic.isIndex: return isIndex(d);
    case Intrinsic.hashText: return textHash(d);
    case Intrinsic.jsonQuote: return jsonQuote(d);
    case Intrinsic.jsonScan: return jsonScan(M[sp + 1], M[sp]);
    case Intrinsic.numberToText: return numberToTextWord(c, d);
    case Intrinsic.toFixed: return toFixed(c, d);
    case Intrinsic.toExponential: return toExponential(c, d);
    case Intrinsic.toPrecision: return toPrecision(c, d);
    case Intrinsic.textToNumber: return textToNumberWord(d);
    case Intrinsic.parseFloat: return parseFloatWord(d);
    case Intrinsic.parseInt: return parseIntWord(c, d);
    case Intrinsic.math: return math1(c, d);
    case Intrinsic.math2: return math2(b, c, d);
    case Intrinsic.random: return randomNumber();
    case Intrinsic.newSymbol: return newSymbol(d);
    case Intrinsic.description: return symbolDescription(d);
    case Intrinsic.markRegistered: return markRegistered(d);
    case Intrinsic.isRegistered: return isRegistered(d);
    case Intrinsic.newTable: return makeTable(c, d);
    case Intrinsic.tableFind: return findCharged(c, d);
    case Intrinsic.tableGet: return getCharged(c, d);
    case Intrinsic.tableSet: return tableSet(b, c, d);
    case Intrinsic.tableDelete: return tableDelete(c, d);
    case Intrinsic.tableClear: return tableClear(d);
    case Intrinsic.tableCount: return tableCount(d);
    case Intrinsic.tableKey: return tableKey(c, d);
    case Intrinsic.tableValue: return tableValue(c, d);
    case Intrinsic.tableNext: return tableNext(c, d);
    case Intrinsic.tableForward: return tableForward(c, d);
    case Intrinsic.tableSuccessor: return tableSuccessor(d);
    case Intrinsic.newBytes: return newBytes(d);
    case Intrinsic.bytesLength: return bytesLength(d);
    case Intrinsic.byteAt: return byteAt(c, d);
    case Intrinsic.setByte: return setByte(b, c, d);
    case Intrinsic.bytesMove: return bytesMove(M[sp + 4], a, b, c, d);
    case Intrinsic.bytesFill: return bytesFill(a, b, c, d);
    case Intrinsic.bytesRead: return bytesRead(a, b, c, d);
    case Intrinsic.bytesWrite: return bytesWrite(M[sp + 4], a, b, c, d);
    case Intrinsic.newTyped: return newTyped(M[sp + 4], a, b, c, d);
    case Intrinsic.typedInfo: return typedInfo(c, d);
    case Intrinsic.typedFill: return typedFill(a, b, c, d);
    case Intrinsic.utf8Encode: return utf8Encode(d);
    case Intrinsic.utf8Decode: return utf8Decode(a, b, c, d);
    case Intrinsic.latin1Text: return latin1Text(b, c, d);
    case Intrinsic.bigBits: return bitsOfBig(d);
    case Intrinsic.bigNumber: return numberOfBig(d);
    case Intrinsic.bigOfNumber: return bigOfNumber(d);
    case Intrinsic.bigWrap: return wrapBig(b, c, d);
    case Intrinsic.bigText: return textOfBig(c, d);
    case Intrinsic.bigParse: return bigOfText(a, b, c, d);
  }
  return fault();
}
