/* kinds_service: keys of services that programs call. */
#include "secret/kinds.h"

static const struct secret_kind kinds[] = {
    {.id = "stripe-key",
     .title = "Stripe secret key",
     .pattern = "\\b[sr]k_live_[0-9a-zA-Z]{16}",
     .alphabet = "A-Za-z0-9_",
     .least = 24,
     .most = 255,
     .entropy = 3,
     .critical = true,
     .yes = "sk_live_4eC39HqLyjWDarjtT1zdp7dcQ8v",
     .no = "sk_test_4eC39HqLyjWDarjtT1zdp7dcQ8v"},
};

const struct secret_table secret_service = {kinds, sizeof kinds / sizeof *kinds};
