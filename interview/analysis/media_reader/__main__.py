"""The program that reads a stranger's recording: ``python -P …/media_reader/__main__.py``.

Its folder is loaded as a package of its own; as a part of the application it would load all of
that, and know its secrets.
"""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    # at the end, so that nothing beside the folder can shadow a library
    sys.path.append(str(Path(__file__).parents[1]))
    import_module("media_reader.process").main()
