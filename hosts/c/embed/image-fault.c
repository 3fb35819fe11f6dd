// The sentences.

#include "image-fault.h"

void mvmjs_describe_fault(struct mvmjs_line *line, const struct mvmjs_image_fault *fault, uint64_t most_bytes) {
  static const char again[] = "take the image again from where it came from";
  static const char other[] = "use the version of mvm that wrote it, or build the program again with this one";
  const char *advice = again;
  mvmjs_line_clear(line);
  switch (fault->reason) {
    case MVMJS_IMAGE_NOT_AN_IMAGE:
      mvmjs_line_add(line, "this is not an image of mvm");
      advice = "give a file that mvm build or mvm snapshot has written";
      break;
    case MVMJS_IMAGE_CUT_SHORT: mvmjs_line_set(line, "the image is cut short: ", fault->detail, (const char *)NULL); break;
    case MVMJS_IMAGE_FORMAT:
      mvmjs_line_add(line, "the image has format ");
      mvmjs_line_add_number(line, fault->number);
      mvmjs_line_add(line, ", this mvm reads format 1");
      advice = "use the version of mvm that wrote it, or write it again with this one";
      break;
    case MVMJS_IMAGE_ABI:
      mvmjs_line_add(line, "the image was made for abi ");
      mvmjs_line_add_hex(line, (uint32_t)fault->number);
      mvmjs_line_add(line, ", this mvm has ");
      mvmjs_line_add_hex(line, MVMJS_ABI);
      advice = other;
      break;
    case MVMJS_IMAGE_KIND:
      mvmjs_line_add(line, "the image holds no program");
      advice = "give the image of a program";
      break;
    case MVMJS_IMAGE_ENCRYPTED:
      mvmjs_line_add(line, "the image is encrypted, which this mvm cannot read");
      advice = "send it without encryption";
      break;
    case MVMJS_IMAGE_TOO_LARGE:
      mvmjs_line_add(line, "the program needs a memory of ");
      mvmjs_line_add_number(line, fault->number);
      mvmjs_line_add(line, " bytes, this host allows ");
      mvmjs_line_add_number(line, most_bytes);
      advice = "start the program with a smaller --memory";
      break;
    case MVMJS_IMAGE_CAPABILITIES:
      mvmjs_line_add(line, "the program's list of what it needs is longer than the ");
      mvmjs_line_add_number(line, fault->number);
      mvmjs_line_add(line, " bytes that this host keeps of it");
      advice = "run it with mvm run";
      break;
    case MVMJS_IMAGE_NO_ROOM:
      mvmjs_line_add(line, "this machine has no memory left for the program");
      advice = "end others, or start it with a smaller --memory";
      break;
    case MVMJS_IMAGE_ABSENT_PART:
      mvmjs_line_set(line, "the program uses ", fault->detail, ", which this host was built without", (const char *)NULL);
      advice = "send it to a host that has it, or build this one with another profile";
      break;
    case MVMJS_IMAGE_OTHER_CORE:
      mvmjs_line_add(line, "the image was made with another core than this mvm has");
      advice = other;
      break;
    case MVMJS_IMAGE_PAGE_DAMAGED:
      mvmjs_line_add(line, "page ");
      mvmjs_line_add_number(line, fault->number);
      mvmjs_line_add(line, " of the image is damaged");
      break;
    case MVMJS_IMAGE_OTHER_HASH: mvmjs_line_add(line, "the image does not have the hash that it says"); break;
    case MVMJS_IMAGE_TRAILING:
      mvmjs_line_add_number(line, fault->number);
      mvmjs_line_add(line, " bytes follow the end of the image");
      break;
    case MVMJS_IMAGE_INVALID:
      mvmjs_line_set(line, "the image is not one of a program: ", fault->detail, (const char *)NULL);
      if (fault->number == 0) break;
      mvmjs_line_add(line, " (at word ");
      mvmjs_line_add_number(line, fault->number);
      mvmjs_line_add(line, ")");
      break;
    case MVMJS_IMAGE_MALFORMED:
    case MVMJS_IMAGE_SOUND: mvmjs_line_set(line, "the image is malformed: ", fault->detail, (const char *)NULL); break;
  }
  mvmjs_line_add(line, "; ");
  mvmjs_line_add(line, advice);
}
