// The start of a RISC-V processor: stack, exceptions, the timer as what ends a sleep; then C.
.option arch, +zicsr
.section .start, "ax"
.global mvmjs_riscv_start
mvmjs_riscv_start:
  csrw mie, zero
  la sp, mvmjs_stack_top
  la t0, trap
  csrw mtvec, t0
  li t0, 0x80
  csrw mie, t0
  j mvmjs_riscv_begin
.balign 4
trap:
  la sp, mvmjs_stack_top
  j mvmjs_riscv_trap
