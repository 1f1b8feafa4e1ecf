/* analyze: what the compiler's analyzer cannot see across files. A call that reports an error gives −1,
 * so that what follows success is not looked at for failures. */
#include "base/err.h"

#define err_set(...)  (err_set(__VA_ARGS__), -1)
#define err_sys(...)  (err_sys(__VA_ARGS__), -1)
#define err_wrap(...) (err_wrap(__VA_ARGS__), -1)
