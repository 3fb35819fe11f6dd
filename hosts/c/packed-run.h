// Runs packed code (packed.ts, which says what it is and why). The data before this text is generated: the code, the numbers
// of what it names, and how deep it gets. A packed function is called by its offset; its arguments are cells from
// packed_top on, where its result comes. Functions that are not packed and call packed ones come in by packed_call_*.

/** The first free cell and the first free word: what runs keeps both current wherever something else may run. */
static union packed packed_cells[PACKED_CELLS + 1];
static int32_t packed_words[PACKED_WORDS + 1];
static union packed *packed_top = packed_cells;
static int32_t *packed_free = packed_words;

static int32_t packed_half(const uint8_t *at) {
  return (int16_t)(uint16_t)(at[0] | at[1] << 8);
}
static int64_t packed_wrap(uint64_t x) {
  int64_t result;
  memcpy(&result, &x, sizeof result);
  return result;
}

/** Comparison `number` of those that the instructions begin with PACKED_LT. */
static bool packed_compare(unsigned number, int64_t a, int64_t b) {
  switch (number) {
    case 0: return a < b;
    case 1: return a <= b;
    case 2: return a > b;
    case 3: return a >= b;
    case 4: return a == b;
    default: return a != b;
  }
}
static int64_t packed_two(unsigned opcode, int64_t a, int64_t b) {
  const int32_t count = (int32_t)b & 31;
  switch (opcode) {
    // Sums of what fits 53 bits, or of what is cut to 32 afterwards.
    case PACKED_ADD: return packed_wrap((uint64_t)a + (uint64_t)b);
    case PACKED_SUB: return packed_wrap((uint64_t)a - (uint64_t)b);
    case PACKED_MUL: return packed_wrap((uint64_t)a * (uint64_t)b);
    case PACKED_DIV: return i32_div((int32_t)a, (int32_t)b);
    case PACKED_UDIV: return i32_wrap(u32_div((uint32_t)a, (uint32_t)b));
    case PACKED_REM: return i64_rem(a, b);
    case PACKED_AND: return a & b;
    case PACKED_OR: return a | b;
    case PACKED_XOR: return a ^ b;
    case PACKED_SHL: return i32_shl((int32_t)a, count);
    case PACKED_SHR: return (int32_t)a >> count;
    case PACKED_USHR: return (uint32_t)a >> count;
    default: return packed_compare(opcode - PACKED_LT, a, b);
  }
}
static void packed_reals(unsigned opcode, union packed *at) {
  const double a = at[0].real, b = at[1].real;
  switch (opcode) {
    case PACKED_FLT: at->integer = a < b; break;
    case PACKED_FLE: at->integer = a <= b; break;
    case PACKED_FGT: at->integer = a > b; break;
    case PACKED_FGE: at->integer = a >= b; break;
    case PACKED_FEQ: at->integer = a == b; break;
    case PACKED_FNE: at->integer = a != b; break;
    case PACKED_FADD: at->real = a + b; break;
    case PACKED_FSUB: at->real = a - b; break;
    case PACKED_FMUL: at->real = a * b; break;
    default: at->real = a / b; break;
  }
}

MVMJS_CALLED union packed *packed_call(uint32_t offset) {
  union packed *const first = packed_top;
  int32_t *const first_word = packed_free;
  union packed *base = first, *top;
  int32_t *words = first_word;
  const uint8_t *code = packed_code + offset, *resumed = code;
  int32_t x;
enter:
  // Arguments become locals; cells begin again where they were.
  {
    const unsigned count = code[0] & 127;
    const unsigned wide = code[0] > 127 ? code[2] : 0;
    unsigned to = 0;
    for (unsigned i = 0; i < count; i++) {
      if (i < 8 && (wide >> i & 1) != 0) {
        to += to & 1;
        memcpy(words + to, base + i, 8);
        to += 2;
      } else {
        words[to++] = (int32_t)base[i].integer;
      }
    }
    packed_free = words + code[1];
    top = base - 1;
    code += code[0] > 127 ? 3 : 2;
  }
  for (;;) {
    unsigned opcode = *code++;
    if (opcode < PACKED_SET0) {
      x = words[opcode];
      goto push;
    }
    if (opcode < PACKED_TEE0) {
      words[opcode - PACKED_SET0] = (int32_t)top--->integer;
      continue;
    }
    if (opcode < PACKED_LONG0) {
      x = words[opcode - PACKED_TEE0] = (int32_t)top->integer;
      goto put;
    }
    if (opcode < PACKED_CONSTANT0) {
      memcpy(++top, words + (opcode - PACKED_LONG0) * 2, 8);
      continue;
    }
    if (opcode < PACKED_LOCAL) {
      x = (int32_t)(opcode - PACKED_CONSTANT0);
      goto push;
    }
    if (opcode >= PACKED_LT && opcode <= PACKED_USHR) {
      top--;
      top->integer = packed_two(opcode, top[0].integer, top[1].integer);
      continue;
    }
    if (opcode >= PACKED_FLT && opcode <= PACKED_FDIV) {
      packed_reals(opcode, --top);
      continue;
    }
    switch (opcode) {
      case PACKED_LOCAL: x = words[*code++]; goto push;
      case PACKED_UNSIGNED: (++top)->integer = (uint32_t)words[*code++]; break;
      case PACKED_LONG: memcpy(++top, words + *code++, 8); break;
      case PACKED_SET: words[*code++] = (int32_t)top--->integer; break;
      case PACKED_SET_LONG: memcpy(words + *code++, top--, 8); break;
      case PACKED_SMALL8: x = (int8_t)*code++; goto push;
      case PACKED_SMALL16: x = packed_half(code); code += 2; goto push;
      case PACKED_INTEGER: x = packed_integers[*code++]; goto push;
      case PACKED_DOUBLE8: (++top)->real = packed_doubles[*code++]; break;
      case PACKED_DOUBLE16: (++top)->real = packed_doubles[packed_half(code)]; code += 2; break;
      case PACKED_DUP: top[1] = top[0]; top++; break;
      case PACKED_POP: top--; break;

      case PACKED_ADD_SMALL: top->integer += (int8_t)*code++; break;
      case PACKED_NEXT: top->integer++; break;
      case PACKED_BEFORE: top->integer--; break;
      case PACKED_TWICE: x = i32_shl((int32_t)top->integer, 1); goto put;
      case PACKED_HALVED: x = (int32_t)top->integer >> 1; goto put;
      case PACKED_ADDRESS: x = (int32_t)top->integer >> 2; goto put;
      case PACKED_GET: x = M_get((uint32_t)top->integer); goto put;
      case PACKED_GET_AT: x = M_get((uint32_t)top->integer + (uint32_t)(int32_t)(int8_t)*code++); goto put;
      case PACKED_FIELD: x = M_get((uint32_t)((int32_t)top->integer >> 2) + (uint32_t)(int32_t)(int8_t)*code++); goto put;
      case PACKED_REGISTER: x = M_get((uint32_t)MVMJS_PROGRAM_START + *code++); goto push;
      case PACKED_SET_REGISTER: M_set((uint32_t)MVMJS_PROGRAM_START + *code++, (int32_t)top--->integer); break;
      case PACKED_STORE: top -= 2; M_set((uint32_t)top[1].integer, (int32_t)top[2].integer); break;
      case PACKED_BYTE: x = B_get((uint32_t)top->integer); goto put;
      case PACKED_STORE_BYTE: top -= 2; B_set((uint32_t)top[1].integer, (int32_t)top[2].integer); break;
      case PACKED_HALF: x = H_get((uint32_t)top->integer); goto put;
      case PACKED_STORE_HALF: top -= 2; H_set((uint32_t)top[1].integer, (int32_t)top[2].integer); break;
      case PACKED_REAL: top->real = F_get((uint32_t)top->integer); break;
      case PACKED_STORE_REAL: top -= 2; F_set((uint32_t)top[1].integer, top[2].real); break;
      case PACKED_VIEW: packed_get_view(*code++, top); break;
      case PACKED_SET_VIEW: top -= 2; packed_set_view(*code++, top + 1); break;
      case PACKED_TABLE: packed_get_table(*code++, top); break;
      case PACKED_STATE: packed_get_state(*code++, ++top); break;
      case PACKED_SET_STATE: packed_set_state(*code++, top--); break;

      case PACKED_NOT: top->integer = ~top->integer; break;
      case PACKED_NEG: top->integer = -top->integer; break;
      case PACKED_SIGNED: x = (int32_t)top->integer; goto put;
      case PACKED_TO_UNSIGNED: top->integer = (uint32_t)top->integer; break;
      case PACKED_CLZ: x = u32_clz((uint32_t)top->integer); goto put;
      case PACKED_ABS: top->integer = i64_abs(top->integer); break;
      case PACKED_INVERSE: x = top->integer == 0; goto put;

      case PACKED_FREM: top--; top->real = f64_rem(top[0].real, top[1].integer); break;
      case PACKED_FNEG: top->real = -top->real; break;
      case PACKED_FLOOR: top->real = floor(top->real); break;
      case PACKED_CEIL: top->real = ceil(top->real); break;
      case PACKED_TRUNC: top->real = trunc(top->real); break;
      case PACKED_SQRT: top->real = sqrt(top->real); break;
      case PACKED_FABS: top->real = fabs(top->real); break;
      case PACKED_TO_DOUBLE: top->real = (double)top->integer; break;
      case PACKED_TO_SIGNED: x = to_i32(top->real); goto put;
      case PACKED_TO_U32: top->integer = to_u32(top->real); break;

      case PACKED_JUMP8: x = 1; goto jump8;
      case PACKED_JUMP16: x = 1; goto jump16;
      case PACKED_FALSE8: x = top--->integer == 0; goto jump8;
      case PACKED_FALSE16: x = top--->integer == 0; goto jump16;
      case PACKED_TRUE8: x = top--->integer != 0; goto jump8;
      case PACKED_TRUE16:
        x = top--->integer != 0;
      jump16:
        code += x != 0 ? packed_half(code) + 2 : 2;
        break;
      case PACKED_IF_LT8: case PACKED_IF_LE8: case PACKED_IF_GT8: case PACKED_IF_GE8: case PACKED_IF_EQ8: case PACKED_IF_NE8:
        top -= 2;
        x = packed_compare(opcode - PACKED_IF_LT8, top[1].integer, top[2].integer);
      jump8:
        code += x != 0 ? (int8_t)code[0] + 1 : 1;
        break;
      case PACKED_SWITCH: {
        const int64_t number = top--->integer - packed_half(code);
        const unsigned count = code[2];
        const uint8_t *const places = code + 5;
        code = places + count * 2 + packed_half(number >= 0 && number < (int64_t)count ? places + number * 2 : code + 3);
        break;
      }
      case PACKED_RETURN0: x = 0; goto give;
      case PACKED_RETURN1: x = 1; goto give;
      case PACKED_RETURN_SMALL:
        x = (int8_t)code[0];
      give:
        (++top)->integer = x;
        goto give_top;
      case PACKED_RETURN:
      give_top:
        base[0] = top[0];
        top = base;
        goto leave;
      case PACKED_RETURN_VOID:
        top = base - 1;
      leave: {
        if (words == first_word) {
          packed_free = first_word;
          packed_top = first;
          return first;
        }
        // What the caller left in the words below: where it goes on, and how far below its own words and cells are.
        const uint32_t where = (uint32_t)words[-2], distances = (uint32_t)words[-1];
        packed_free = words - 2;
        code = packed_code + where;
        words -= distances >> 16;
        base -= distances & 0xffff;
        break;
      }
      case PACKED_CALL8: case PACKED_CALL16: case PACKED_TAIL8: case PACKED_TAIL16: {
        uint32_t target = *code++;
        if (opcode == PACKED_CALL8 || opcode == PACKED_TAIL8) target = packed_short[target];
        else target |= (uint32_t)*code++ << 8;
        const uint8_t *const callee = packed_code + target * 2;
        const unsigned count = callee[0] & 127;
        union packed *const arguments = top + 1 - count;
        if (opcode >= PACKED_TAIL8) {
          for (unsigned i = 0; i < count; i++) base[i] = arguments[i];
        } else {
          int32_t *const inner = packed_free + 2;
          // A call that ends a macro returns to where that stands.
          inner[-2] = (int32_t)((*code == PACKED_MACRO_END ? resumed : code) - packed_code);
          inner[-1] = (int32_t)((uint32_t)(inner - words) << 16 | (uint32_t)(arguments - base));
          words = inner;
          base = arguments;
        }
        code = callee;
        goto enter;
      }
      case PACKED_MACRO_END: code = resumed; break;
      case PACKED_ABSENT: absent_kernel_part(*code++); break;
      case PACKED_NATIVE: {
        union packed *const arguments = top + 1 - packed_given[*code];
        packed_top = top + 1;
        top = arguments - 1 + packed_native(*code++, arguments);
        packed_top = first;
        break;
      }
      default:
        resumed = code;
        code = packed_code + packed_macros[opcode - PACKED_MACRO];
        break;
    }
    continue;
  push:
    top++;
  put:
    top->integer = x;
  }
}

MVMJS_CALLED int32_t packed_call_0(uint32_t offset) {
  return (int32_t)packed_call(offset)->integer;
}
MVMJS_CALLED int32_t packed_call_1(int32_t a, uint32_t offset) {
  packed_top[0].integer = a;
  return packed_call_0(offset);
}
MVMJS_CALLED int32_t packed_call_2(int32_t a, int32_t b, uint32_t offset) {
  packed_top[1].integer = b;
  return packed_call_1(a, offset);
}
MVMJS_CALLED int32_t packed_call_3(int32_t a, int32_t b, int32_t c, uint32_t offset) {
  packed_top[2].integer = c;
  return packed_call_2(a, b, offset);
}
