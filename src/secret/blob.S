/* blob: the compiled kinds of secrets inside shuck. SECRET_FILE comes from the Makefile. */
    .section .rodata
    .global secret_blob
    .global secret_blob_bytes
    .balign 64
secret_blob:
    .incbin SECRET_FILE
end:
    .balign 16
secret_blob_bytes:
    .quad end - secret_blob
    .section .note.GNU-stack, "", %progbits
