/* blob: the agent's bytes inside shuck. AGENT_FILE comes from the Makefile. */
    .section .rodata
    .global agent_blob
    .global agent_blob_end
    .balign 16
agent_blob:
    .incbin AGENT_FILE
agent_blob_end:
    .section .note.GNU-stack, "", %progbits
