// What of the kernel a new program's memory and its image are made with. The compiler inside the machine brings these along
// and none of the rest: what runs a program is the machine that runs the compiler. Whoever uses another function of the
// kernel finds it missing here, by the test that compiles all programs.

export {
  allocate, allocateBytes, arrayIndex, attach, B, begin, bigFirst, byteStart, CACHE_WORDS, cellSize, codeAbout, codeName, collect, fillWords,
  FIRST_ELEMENT, flushCache, frameBottom, FUNCTION_WORDS, H, handlersAt, internKey, M, marksWords, memoryWords, newArray, newBig, newElements,
  newText, numberWord, rebase, reference, root, settleBig, textStart,
} from "../../../vm/kernel/index.js";
