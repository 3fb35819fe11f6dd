// The character properties that \p{…} in a regular expression names (Unicode 15, ECMA-262 table 67 in part): general
// categories, six scripts, emoji, and what is made of them. Its own module, because a profile without \p can do without it.
//
// Every code point has one category, so all categories are one row of runs, from U+0000 up: a byte is the category's
// number in unicodeCategories plus 32 times the run's length, or, where that is above 7, plus 0 and the length follows
// as a number. Two more categories: none of these, and pairs of a capital and a small letter (the length counts pairs).
// The other sets are numbers, each the distance to the next border (first inside, first outside, and so on). A number is
// bytes of 7 bits, the least first, 128 more in all but the last. Here both stand in base 64; the core keeps the bytes.

const unicodeCategories = splitText("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs", " ");
const UNICODE_PAIRS = 24;

/** Base 64 to a text of bytes. */
function unicodeBytes(text) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const units = [];
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    held = (held << 6 | $indexOf(digits, $charAt(text, i), 0)) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      $push(units, $fromCharCode(held >> bits & 255));
    }
  }
  return $joinTexts(units, "");
}

const unicodeRuns = unicodeBytes("FyA2cTNxLS4xMjEsUQgKUXJRABotMS40KzQBGi0yLjIXITYxkzUxNDUkLzI3NTQ1Mko0IVE0KiQwajEAFzLgARgyAQgYGyBB+CBBGBdAISAhIGFAISAhQCFgQYAhQCFgYUAhQCFYQCEgQSAhQCFgISAhQEEkIGGEICIhICIhICIh+CBBGAggQSAiISAhYCEYHCDhQCFAQSAhgCF4IAFFRAEaAxKUAwwUDqP0IzQjFBEFcFgjNCAhVyNhMSCXVCAxYDcgN0AhABE3AAkBIyBBYGEYCyChICEyICFAQQAzATAYETWlRxgbQCG4IEEYMDcAJlcj0QEpMSxXVTM3BS0sJTFFMUUxJRcIBBuXhFEXEXJRM1FVBQsxN3EEICMECgUVCAqRRCUEYzEk5Tc1xUNFNYVECApkVSQRDlckJQQeBRtXBFkFCyQXDggKBCEFCUM1cSNXJVMEFoUjBQkjZSOlVxEPNwQZZVcxNwQLtwQYNOT3BQkEKSMFGDcFICYENiUmJSRmBQiGJUYk5QQKRVEICjEjBA8lRjcECFdEVwQWN+Q3JHeEVyUkZoVXRldGJSQXCCaXRDdkRVcICkRTyjUzJDElV0UmN8SXRFcEFjfkN0Q3RDdEVyU3ZkWXRVdldyX3hDck9wgKRWQlMRcKRSY3BAk3ZDcEFjfkN0Q3pFclJGalN0UmN0YlVyQXD0RFVwgKMTP3JMU3JUY3BAhXRFcEFjfkN0Q3pFclJCYlJoVXRldGJfdFJpdEN2RFVwgKNSTKFwolJDfEd2Q3hHdENyQ3RHdEd2R3BAyXRiVGd2Y3ZiVXJNcmFw4ICmrVMzW3JWYlBAg3ZDcEFzcEEFclJGWGN2U3hfdFN2Q3RFdERVcICvcx6jUkJUYxBAg3ZDcEFzcECjekVyUkJiWmNyVGN0ZF90a3ZDdERVcICjdEJhcMRUYECTdkNwQpRSRmhTdmN2YlJDWXZCbqZEVXCAoKCTXENyVGNwQSdwQYNwQJNyRX5Hcll2ZlNyU3BgjXCApXRjEXDAQwJUTllzPEIwUIMQgKURclRDckN6Q3BBg3JDcECiVEBQkkV6Q3IzflNwgKV4QXICR1EQ81MXVF1QgKCgo1JTUlNSUtLi0uRgQINwQklwUOJqUxRaQFCzcFJDcVCCXVN1WxlVEXJQQrRoUmxSZFRkUkCArRxEZFhGUkZkTmZIUEDSVGRcYlJCYICmYlVQAmNyC3IFcBKzEjYQTJAjeEV+Q3JDeEVwQpN4RXBCE3hFfkNyQ3hFcEDzcEOTeEVwRDV2URCQoUdwQQFQrXAFZXwVcsBOwENTEEETYEGi0udwRLcWkECPcEEmUmFwkEE0UmURcJBBJFFwwEDTdkN0UXDAQ0RSblBgglRgULcSNxMyQlVwgK1woK19EskWU3JQgK1wQjIwQ196RFBCIlJLcERhcKBB83ZYZFZpdGJcZllzV3UQgKBB5XpBcLBCyXBBrXCAoqdxUiBBdFRiVXUQQ1JiUm5TclJiVGBQjGBQpXJQgK1wgK1/Ej0VcFDicFH1cFDBcUhSYELyUmpSYlpiVGBAg3UQgK8RUKBQkVCXFFJgQeJoVGRSZlRAgKBCwlJkVmJSZlRhcIkQQkBggFCEZFd7EICndkCAoEHsNRAQkgIbcAK1dgEQgXCGUxBQ0m5YQlxCVEJkUktwEsAz8BDSMBIgMlBUAYSiABCRgwIAEJAAjBV8BXAQgACAEIAAjBV8BXAQg3IDcgNyA3IAEIAAgBDlcBCAIIAQgCCAEIAgihN0GAIjQhdGE3QYAidIFXQYA3dAEIoHRXYTdBgCJUNxYLt8xRLzAtTzAtLxEI9zYRCS8wkUtxMi0uEQsyMSsRCjYXECojV8pyLS4jCgpyLS43Aw13EyIXDgUNhyVnBQwXD1UglSBVIWBBYCE1IFUyoNUgNSA1IDWANSGAIYQhVUFAsiCBNTJVITUKEAkjICGJKlWXsrVSlTJVMlUy9TIVH1JVMjUyFR8SjAIVCC0uLS4VFFL1LS4VUTIVHhIZFSjSFUgXFhULFxUKPBVOChYVtwEyFQkyFTYSCBVvMhX4AS0uLS4tLi0uLS4tLi0uCh4VLLItLhIfLS4tLi0uLS4tLhIQFYACEoMBLS4tLi0uLS4tLi0uLS4tLi0uLS4tLhI/LS4tLhIgLS4SggIVMBIVVdIVJ1cVigEAMAEwICFgQXiAISBBIMFDYCEYMCBB1VhlICG3kSpRASY3IbchVwQ49yMxFw4lBBcXCeQ35DfkN+Q35DfkN+Q35DcFIFEvMC8wcS8wMS8wEQksUSwxLzBRLzAtLi0uLS4tLrEjEQpMkSwxLRENVXEtLi0uLS4tLiwXIhUaNxVZFwwV1gEXGhUQNnE1IyQpLS4tLi0uLS4tLlUtLi0uLS4tLiwtTjUJCYVGLKNVaSMkMVU3BFZXRVRDJCwEWjFjJLcEKzcEXjdVihUKBCAVJhcJNQQQFR83CgoVHgoINQoPFSAKChUnCg8VwAIEwDMVQASVpAEjBPcIdxU3FwkEKMNRBIwCI3EEEAgKRBcUGBckJWcxBQoxIxgOQ0UERgkKRdEXCBQXAwlU2CBhGB8jAQhYQCGYI1RYJCAhIGEYCqAhoCH4gCEgIUAh+CAXFIMgISRDIeQlZCWEJQQXRkUmlSV3ylUzNdcENJEXCEYEMgYQRRcIUQgK1wUSxHEkMUQlCAoEHAUIUQQXBQtGFwsxBB13ZSYELyVGhUZFZhENNyMICpdRpCUjBAkICqQ3BCnFRkVGRRcJZCUECCUmVwgKV5EEECPEdSQmJSYEMiUkZURFpEUkJSQXGEQjUQQLJkVGUSRDJiUXCsRXxFfEFwnkN+Q3ASs0gwEJI1SXAVAEI0YlRiVGMSYlVwgK1wSkVxcMBBeXBDEXhEIE7gJXBGoXJuEXDKG3JCUECjIEDTekNyQ3RDdENwRsFBEVEATrAi4tFRAEQFUENhUIFyAEDDN1BRDxLS4x1wUQMUxLLS4tLi0uLS4tLi0uLS4tLlEtLpFrcTeRLC0uLS4tLnEyLHI3MTNRl6Q3BIcBl3EzcS0uMTIxLFEIClFyUQAaLTEuNCs0ARotMi4yLS4xLS5RBAojBC1DBB93xFfEV8RXZHdTMjQ1Uzc1klUXDVVXBAw3BBo3BBM3RDcED1cEDhciBHu3cZcKLXcVCQk1ihURSnU3FQ13NRcvFS0lF4IBBB13BDEXDyUKG5cEIIoXCQQUKQQIKbcEJqW3BB43MQQklwQIMakXKgAoASgETlcICtcAJJcBJJcEKBcIBDQXCzEACzcADzfgN0A3AQs3AQ834TdBdwQ0FwwEtwIXCQQWFwoECBcYwzcDKjcDCRdFxFckNwQsN0R3JFcEFzcxCggEF1XqBB8XCAoJFzAEEzdEt6oEFsp3MQQatzEEGhcmBDiXSkQKEFcKLiRlN0W3hYQ3ZDcEHVdllyUKCfcRCfcEHUoxBB1qFyAECDUEHEWXqvEXCQQ2d/EEFlcKCAQTtwoIBBL3kRcM6hdQBEkXNwAzFw0BM/fKBCSFFwgICtcICoQjJAAWd6UsIwEWFwhSF9ABCh83BCo3RSxXRBcQZCNEFwgxFQgXIcUEHQoKJBcIBBYFC4qxFxYEEoWRFyYEFeoXFAQXFwkmJSYENQUP8ZcKFAgKJURFJBcJZSYELWaFRkVRN5ElFw0EGfcICtdlBCSlJgUINwgKkSRGJBcIBCMlUSQXCUUmBDBmBQlGhJGFMSYlCAokMSRxNwoUFwsEEjcEGWZlRiUmRdElRCUXPuQ3JDeENwQPNwQKMdcELyVmBQi3CArXRUY3BAhXRFcEFjfkN0Q3pDdFJEYlhldGV2ZXJNcmt6RGV+V3pRcLBAo3JFckNwQmNyRmxTcmVyY3hjdGJSYlJCUkUTdRFwhFFx0ENWYFCEZlJiWEsQgKUTcxJWQXHgQwZsUmJYZFJkVEMSQXCAgKF6YBBC9mhVeGRSZFEReERRciBDBmBQhGJSZFcSQXCwgK1xENFxMEKyUmJUbFJiUkMdcICtcIFBccBBtXJSYlRoUmpZcICkpxNeQXuQEELGYFCSZFMRdkACABIAgKCgkXDAQIVyRXBAg3RDcEGMY3RldFJiUkJiQmJXEXCQgKF0YECFcEJ2aFV0WGJSQxJCYXGyQFCgQoxSYkhREIJRcIJMVGZQQuBQ0mRXEksRcNBEn3EQoXViUmZSYlJhdYBCExFw4ICtcECTcEJSblN8UmJSSxFwoICgoTd1EEHlcFFjcm5SZFJkUXSeQ3RDcEJsV3JTdFN+UkJRcICArXxDdENwQgpjdFN0YlJiUk9wgK1wQpI0SXCAoX9gEEE0VGUfdFJCYEDTcEIkald0YlJiURDQgKJRdVJBcPChUVCJMVERcNMQSaBxdmCW83sRcLBMQBF8wUBGFRFw0EsAgXECXEBQ8XCgSbH7cExwQXuTUEHgUMZmUIChfGDQS5BPcEHzcICpdRBE83CArXBB5XpTEXCgQw5bGVgzE1FwoICjfqNwQVtwQTF7ADYwQoQ3EIChfGAQAgASAKF5G3ABlXARkXLARLlyUkBjf3hQMNF0BDMSMlFwtGQ2kXCQTWORcpBCAXYQRzF/1DgzfjN0M3BKMCFw8kFx1kVyQXDoQXCASMAxeEEgRrtwQNdwQJ9wQKVzVFMRfgHhXwAQgKdXcVtAPXFRcXDxUQMhcPBS5XBRcXCRV0FzwV9gEXChUnVxU8RmV1xhcIBQhV5RUehRU9FxUVQmU1F3oKFBcMChQXDBVXFwkKGReHAQAaARoAGuE3ARIAGgEaIDdAVyBXQFeANwAIgTchN+E3AQsAGgEaQDeAVwAIN+A3ARpAN4A3oDcgd+A3ARoAGgEaABoBGgAaARoAGgEaABoBGgAaARxXABkyARkywQAZMgEZMsEAGTIBGTLBABkyARkywQAZMgEZMsEgIVcIMhWABAU3lQUyFQglFQ4lVbEXD6U3BQ8X0AgBCiQBFNfBF9UB5TcFEVflN0U3pbcDPhchJRdwBC135eNXCAqXJDUXwAIEHiUXEQQshQgKtzMX0AMEGyOFCAoX1gEEHkUkCAqXMRfAAQQfN2QlRCXkRaQlFwgkIxfgAeQ3hDdENwQPNwTFAVcKCeUXKQAiASLlI5cICpdRF5EGCjs1ajOKF0wKLTUKDxfCAYQ3BBs3RDckVyQ3BAo3hDckNyTXJJckNyQ3JDdkN0Q3JFckNyQ3JDckNyQ3RDckV4Q35DeEN4Q3JDcECjcEEbdkN6Q3BBEXNFIXjgIVLJcVZBcMFQ9XFQ83FQ83FSUXCgoNFaEBFzgVHRcNFSyXFQn3VRcO1ReaARX7AbQV2QV3FRF3FQ13FdoB1xUMlzUXDxUMlxU4FwgVCtcVKBcIFR5XFQyXVRcOEgkXJxXYAhcIFQ5XFQ13FQt3FTk3NZcVEFcVDJcVCvcVkwE3FVwICjUXhQgE4M0CFyAEniJXBI4tVwSxOhcPBO4EF6ITBJ4EF+ILBMsmtwSqQheGmSsF8AE");
const unicodeData = defineMembers($newObject(null), {
  Emoji: unicodeBytes("IwEGAQUKbwEEAY0/AQwB2AEBFgFaBg8C7wICDAGmAQEZCwQDxwEB5wECCgEJAToEAQUJAQIBAgICAQQBAgEBAgIBAwEDAggDBQEBAQUMCwICAQECAQESAQICEgYBAQECAwIFAQICBAILAgUCAgEFAgEBAQIUAgUGAQQCAQQBAgECBgEBAgEBAQEBBgEDAQYBCgIPAQIBBAEBAQQDAQELAjADCQEOAQ4B9AICzwMDEwIzAQQB2gkBDAHZBAEBAer6BgHKAQGgAQIMAg4BAgpLGgECFwEUAQIJFQKuASICcAICAQMCUwIDAYcCAT8LBgEYBwICCAwBAgQCAQQCDQICAQgCCQEFAwwDCAMCAQEBBAEGAQMBBlYwRgUIAgQDCgMBAQIDAQIK4wEMBAGbAi8BCgG5AXANAwsDOQEBBBACDAQK"),
  Emoji_Presentation: unicodeBytes("mkYCzQEEAwECAYkEAhUCMgwrARMBDQEIAhECBQIIAQUBFQEHAgEBBAECAQcBBAIcASMBAQEEAwEBPQMYAQ4B2wYCMwEEAa6JBwHKAQG+AQECCksaAQEYARQBAgUBAxUCrgEhDAkBRgEWDCsEBQwRAwEDRwEBAbsBAj8NBAEYEgEaAg0BVlUwRgYBAwMCBAMECwIHCeMBDAQBmwIvAQoBuQFwDQMLAzkBAQQQAgwECg"),
  Extended_Pictographic: unicodeBytes("qQEBBAGNPwEMAdgBARYBWgYPAu8CAgwBpgEBGQsEA8cBAecBAgoBCQE6BAEFCQECAQICAgEEAQIBAQICAQMBAwIIAwUBAQEFDAsCAgEBAgEBEgECAhIGAQEBAgMCBQECAgQCCwIFAgIBBQIBAQECFAIFBgEEAgEEAQIBAgYBAQIBAQEBAQYBAwEGAQoCDwECAQQBAQEEAwEBCwIwAwkBDgEOAfQCAs8DAxMCMwEEAdoJAQwB2QQBAQHq+gYBJwRkDA8CDwEOAiUKcAIMAg4BAgoTOBsPCgEUAQIJAQQJFwa8AQJwAgIBAwJTAgMBBAX+AQE/CwYBGAcCAggMAQIEAgEEAg0CAgEIAgkBBQMMAwgDAgEBAQQBBgEDAQZWMEYFCAIRAwEBBgIN2gEmDAQ4CAoGKAgeAgwEAg4JJwwvAQoBuQFYCA6SAYAC/gc"),
  "Script=Latin": unicodeBytes("QRoGGi8BDwEFFwEfAcEDJwWbNCYGMQUEBQ0BRkGAAvECAQ0BEA2NAQIGARsBESnXFSCi9QFmA1IUD7AGKwEJAQSWnwEHmggaBhqlEAYBKgEJxa4DHwYG"),
  "Script=Greek": unicodeBytes("8AYEAQMCBAEBBAEBAQEDAQEBFAE/DhCmMgUyBQQFVAHAAhYCBgImAgYCCAEBAQEBAQEfAjUBDwEOAgYBEwIDAQmnAgG+lAIB2qsBTxEB36ADRg"),
  "Script=Cyrillic": unicodeBytes("gAiFAQKpAdAuC6ABAUwB5yAgwPABYI6vAQKAxAM+IQE"),
  "Script=Han": unicodeBytes("gF0aAVkM1gEvAQEBGQkOBMQHwDNAgKQBgLIB7gICaojqAQIMB4mgAuDNAiCeIgKOLQKxOg/uBKITngTiC8smBapC"),
  "Script=Hiragana": unicodeBytes("wWBWBgPh/gWfAhIBHQOtgQEB"),
  "Script=Katakana": unicodeBytes("oWFaAgPwARDQAS8BWI6YAwoBLdLgAgQBBwECAQGfAgMyAQ4E"),
}, ALL);

/** Categories together, and long names. */
const unicodeUnions = {
  L: "Lu Ll Lt Lm Lo", LC: "Lu Ll Lt", M: "Mn Mc Me", N: "Nd Nl No", P: "Pc Pd Ps Pe Pi Pf Po", S: "Sm Sc Sk So", Z: "Zs",
  ID_Start: "Lu Ll Lt Lm Lo Nl", ID_Continue: "Lu Ll Lt Lm Lo Nl Mn Mc Nd Pc", Alphabetic: "Lu Ll Lt Lm Lo Nl",
};
const unicodeLongNames = {
  Letter: "L", Cased_Letter: "LC", Uppercase_Letter: "Lu", Lowercase_Letter: "Ll", Titlecase_Letter: "Lt", Modifier_Letter: "Lm", Other_Letter: "Lo",
  Mark: "M", Nonspacing_Mark: "Mn", Spacing_Mark: "Mc", Enclosing_Mark: "Me", Number: "N", Decimal_Number: "Nd", Letter_Number: "Nl", Other_Number: "No",
  Punctuation: "P", punct: "P", Connector_Punctuation: "Pc", Dash_Punctuation: "Pd", Open_Punctuation: "Ps", Close_Punctuation: "Pe", Initial_Punctuation: "Pi",
  Final_Punctuation: "Pf", Other_Punctuation: "Po", Symbol: "S", Math_Symbol: "Sm", Currency_Symbol: "Sc", Modifier_Symbol: "Sk", Other_Symbol: "So",
  Separator: "Z", Space_Separator: "Zs", IDS: "ID_Start", IDC: "ID_Continue", Alpha: "Alphabetic", Uppercase: "Lu", Lowercase: "Ll",
};
/** All names of categories and unions, each followed by a colon and its categories as bits, in base 32: " Lu:1 Ll:2 …". */
const unicodeNames = unicodeNameText();

function unicodeNameText() {
  const masks = $newObject(null);
  const all = [];
  for (let i = 0; i < unicodeCategories.length; i++) $define(masks, unicodeCategories[i], 2 ** i, ALL);
  const unions = $ownKeys(unicodeUnions);
  for (let i = 0; i < unions.length; i++) {
    const parts = splitText($getOwnValue(unicodeUnions, unions[i]), " ");
    let mask = 0;
    for (let j = 0; j < parts.length; j++) mask += $getOwnValue(masks, parts[j]);
    $define(masks, unions[i], mask, ALL);
  }
  const long = $ownKeys(unicodeLongNames);
  for (let i = 0; i < long.length; i++) $define(masks, long[i], $getOwnValue(masks, $getOwnValue(unicodeLongNames, long[i])), ALL);
  const names = $ownKeys(masks);
  for (let i = 0; i < names.length; i++) $push(all, ` ${names[i]}:${$numberToText($getOwnValue(masks, names[i]), 32)}`);
  $push(all, " ");
  return $joinTexts(all, "");
}

/** Characters in and not in a set made of categories. */
const unicodeIdStart = [0x1885, 0x1886, 0x2118, 0x2118, 0x212e, 0x212e, 0x309b, 0x309c];
const unicodeIdContinue = [0xb7, 0xb7, 0x387, 0x387, 0x1369, 0x1371, 0x19da, 0x19da, 0x200c, 0x200d, 0x30fb, 0x30fb, 0xff65, 0xff65];

/** The set that a property's name stands for; undefined for a name that is not known here. */
function unicodeSet(name) {
  const equals = $indexOf(name, "=", 0);
  let key = name;
  if (equals >= 0) {
    const property = $substring(name, 0, equals);
    const value = $substring(name, equals + 1, name.length);
    if (property === "Script" || property === "sc" || property === "Script_Extensions" || property === "scx") key = `Script=${value}`;
    else if (property === "General_Category" || property === "gc") key = value;
    else return undefined;
  }
  if (key === "Any") return [0, 0x10ffff];
  if (key === "ASCII") return [0, 127];
  if (key === "White_Space" || key === "space") return reUnion([9, 13, 32, 32, 133, 133, 160, 160], $arraySlice(reSpaces, 6, reSpaces.length - 2));
  const at = $indexOf(unicodeNames, ` ${key}:`, 0);
  if (at >= 0 && $indexOf(key, " ", 0) < 0) {
    const set = categoryRanges($parseInt($substring(unicodeNames, at + key.length + 2, $indexOf(unicodeNames, " ", at + 1)), 32));
    if (key === "Z" || key === "Separator") return reUnion([0x2028, 0x2029], set);
    const start = key === "ID_Start" || key === "IDS";
    if (!start && key !== "ID_Continue" && key !== "IDC") return set;
    return reUnion(start ? unicodeIdStart : reUnion(unicodeIdStart, unicodeIdContinue), set);
  }
  const data = $getOwnValue(unicodeData, key === "ExtPict" ? "Extended_Pictographic" : key === "EPres" ? "Emoji_Presentation" : key);
  return data === undefined ? undefined : dataRanges(data);
}

/** The ranges of the categories that the bits of a number are. */
function categoryRanges(mask) {
  const set = [];
  let from = 0;
  for (let i = 0; i < unicodeRuns.length; i++) {
    const byte = $charCode(unicodeRuns, i);
    const category = byte & 31;
    let length = byte >> 5;
    if (length === 0) {
      length = unicodeNumber(unicodeRuns, i + 1);
      while ($charCode(unicodeRuns, ++i) > 127);
    }
    if (category === UNICODE_PAIRS) {
      for (; length > 0; length--) {
        if (mask & 1) addRange(set, from, from);
        if (mask & 2) addRange(set, from + 1, from + 1);
        from += 2;
      }
    } else {
      if (mask >> category & 1) addRange(set, from, from + length - 1);
      from += length;
    }
  }
  return set;
}
/** Adds a range that begins behind the last one, perhaps right behind it. */
function addRange(set, from, to) {
  if (set.length > 0 && set[set.length - 1] === from - 1) set[set.length - 1] = to;
  else {
    $push(set, from);
    $push(set, to);
  }
}
/** The ranges that borders stand for. */
function dataRanges(data) {
  const set = [];
  let border = 0;
  for (let i = 0; i < data.length; i++) {
    border += unicodeNumber(data, i);
    while ($charCode(data, i) > 127) i++;
    $push(set, set.length % 2 === 0 ? border : border - 1);
  }
  return set;
}
/** The number whose bytes begin there. */
function unicodeNumber(text, at) {
  const byte = $charCode(text, at);
  return byte < 128 ? byte : byte - 128 + 128 * unicodeNumber(text, at + 1);
}
