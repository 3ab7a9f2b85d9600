"""Runs all tests of this folder, or those that are named, against one endpoint."""

import sys
import unittest
from pathlib import Path

import support


def main():
    support.start()
    try:
        loader = unittest.defaultTestLoader
        if len(sys.argv) > 1:
            suite = loader.loadTestsFromNames(sys.argv[1:])
        else:
            suite = loader.discover(str(Path(__file__).parent))
        result = unittest.TextTestRunner(warnings="ignore").run(suite)
    finally:
        support.stop()
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
