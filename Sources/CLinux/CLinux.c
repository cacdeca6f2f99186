// C headers that Swift cannot see by itself; no logic. See include/CLinux.h.
#include "CLinux.h"
