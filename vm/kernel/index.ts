// Everything the kernel exports, as one namespace: what a host links against. The flattened kernel that the translator
// makes (build/machine/kernel.js) has the same surface, so `Kernel` is the type of both.

export * from "./memory.js";
export * from "./heap.js";
export * from "./text.js";
export * from "./textops.js";
export * from "./lettercase.js";
export * from "./number.js";
export * from "./numberbig.js";
export * from "./numberparse.js";
export * from "./math.js";
export * from "./trigonometry.js";
export * from "./table.js";
export * from "./bigint.js";
export * from "./bigdigits.js";
export * from "./bytes.js";
export * from "./regexp.js";
export * from "./code.js";
export * from "./shape.js";
export * from "./object.js";
export * from "./elements.js";
export * from "./property.js";
export * from "./operators.js";
export * from "./fast.js";
export * from "./call.js";
export * from "./bulk.js";
export * from "./data-intrinsics.js";
export * from "./stack-trace.js";
export * from "./intrinsics.js";
export * from "./json-parse.js";
export * from "./json-write.js";
export * from "./step.js";
export * from "./collect.js";
export * from "./quick.js";
export * from "./run.js";
export * from "./verifystate.js";
export * from "./verify.js";
