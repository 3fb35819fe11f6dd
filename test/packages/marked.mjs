import { marked } from "marked";
console.log(marked.parse("# Title\n\nSome *text* with `code`, **bold** and [a link](http://x.test).\n\n- a\n- b\n  1. c\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n```js\nlet x = 1;\n```\n"));
