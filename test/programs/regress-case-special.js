// Case conversions of more than one character, and the final sigma.
console.log("İ".toLowerCase().length, "ΑΣ".toLowerCase(), "ΑΣ Β".toLowerCase(), "ﬃ".toUpperCase(), "ŉ".toUpperCase().length);
