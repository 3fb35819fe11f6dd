// String.prototype.normalize in its four forms, beyond Latin-1 too.
console.log("é" === "e\u0301".normalize(), "\u00e9".normalize("NFD").length, "ﬁ".normalize("NFKC"), "\u1e9b\u0323".normalize("NFC").length, "한글".normalize("NFD").length, "plain".normalize());
