// The image that is run at the start, as it is: -DMVMJS_BOOT_IMAGE="path".
.section .rodata.boot, "a"
.balign 8
.global mvmjs_boot_image
mvmjs_boot_image:
.incbin MVMJS_BOOT_IMAGE
end:
.balign 4
.global mvmjs_boot_image_length
mvmjs_boot_image_length:
.word end - mvmjs_boot_image
