#include "agent/agent.h"
int mode_trace(struct words *w)
{
    return mode_init(w);
}
