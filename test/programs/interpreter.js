// A small stack machine and an assembler for it: tables of functions, labels, recursion in the interpreted program.
const program = `
  push 10 call fact print
  push 0 store i
loop: load i push 5 less jz end load i load i mul print load i push 1 add store i jmp loop
end: push 3 push 4 call hyp print halt
fact: dup push 2 less jz big drop push 1 ret
big: dup push 1 sub call fact mul ret
hyp: dup mul swap dup mul add ret`;
const ops = {
  push: (m) => m.stack.push(m.code[m.pc++]), print: (m) => m.out.push(m.stack.pop()), halt: (m) => { m.pc = -1; }, dup: (m) => m.stack.push(m.stack.at(-1)), drop: (m) => m.stack.pop(),
  swap: ({ stack }) => { const a = stack.pop(), b = stack.pop(); stack.push(a, b); }, store: (m) => { m.vars[m.code[m.pc++]] = m.stack.pop(); }, load: (m) => m.stack.push(m.vars[m.code[m.pc++]]),
  jmp: (m) => { m.pc = m.code[m.pc]; }, jz: (m) => { const to = m.code[m.pc++]; if (!m.stack.pop()) m.pc = to; }, call: (m) => { m.calls.push(m.pc + 1); m.pc = m.code[m.pc]; }, ret: (m) => { m.pc = m.calls.pop(); },
};
for (const [name, f] of Object.entries({ add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, less: (a, b) => a < b })) ops[name] = ({ stack }) => { const b = stack.pop(); stack.push(f(stack.pop(), b)); };
function assemble(text) {
  const labels = {}, code = [];
  for (const word of text.trim().split(/\s+/)) { if (word.endsWith(":")) labels[word.slice(0, -1)] = code.length; else code.push(word); }
  return code.map((w, i) => (w in ops ? ops[w] : /^\d+$/.test(w) ? +w : /^(jmp|jz|call)$/.test(code[i - 1]) ? labels[w] : w));
}
function* execute(code) { const m = { code, pc: 0, stack: [], calls: [], vars: Object.create(null), out: [] }; let n = 0; while (m.pc >= 0) { const op = code[m.pc++]; op(m); if (++n % 50 === 0) yield m; } return { ...m, n }; }
const run = execute(assemble(program));
let state, pauses = 0;
while (!(state = run.next()).done) pauses++;
console.log(state.value.out, state.value.n, pauses, state.value.stack, { ...state.value.vars });
