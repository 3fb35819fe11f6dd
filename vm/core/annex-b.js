// What only annex B of ECMA-262 has and nothing in the other files needs: the methods of strings that make HTML
// (B.2.2.2 to B.2.2.14). Pages from the last century use them, and conformance suites; they are the first thing that a
// firmware does without, and so lie together.

/** B.2.2.2.1 CreateHTML. */
function htmlElement(value, method, tag, attribute, given) {
  const text = thisText(value, method);
  if (attribute === "") return `<${tag}>${text}</${tag}>`;
  return `<${tag} ${attribute}="${$joinTexts(splitText(`${given}`, "\""), "&quot;")}">${text}</${tag}>`;
}

function makeHtmlMethod(name, tag, attribute) {
  const members = attribute === "" ? {
    [name]() {
      return htmlElement(this, name, tag, "", undefined);
    },
  } : {
    [name](given) {
      return htmlElement(this, name, tag, attribute, given);
    },
  };
  defineMethods(StringPrototype, members);
}

const htmlMethods = [
  "anchor", "a", "name", "big", "big", "", "blink", "blink", "", "bold", "b", "", "fixed", "tt", "", "fontcolor", "font", "color",
  "fontsize", "font", "size", "italics", "i", "", "link", "a", "href", "small", "small", "", "strike", "strike", "",
  "sub", "sub", "", "sup", "sup", "",
];
for (let i = 0; i < htmlMethods.length; i += 3) makeHtmlMethod(htmlMethods[i], htmlMethods[i + 1], htmlMethods[i + 2]);
