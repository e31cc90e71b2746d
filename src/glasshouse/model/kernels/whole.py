"""Compile a function and all that it calls as one program.

Numba compiles every function for itself: each lies on pages of memory of its own and is called through a pointer, since
another might call it too. Dozens of small functions that all begin at the start of a page contend for the same few
lines of the processor's cache of instructions, and a compiler that must keep a function for others cannot fit it to its
one caller. `whole` keeps what a function calls to itself; `benchmarks/whole.py` says what that saves. Results are the
same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
from llvmlite.binding import Linkage
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.untyped_passes import TranslateByteCode

if TYPE_CHECKING:
    from typing import Any

__all__ = ["whole"]


class WholeLibrary(JITCodeLibrary):
    """Compiled code of one function, and copies of all that it calls which nobody else can reach."""

    def _optimize_final_module(self) -> None:
        """Optimize the function together with its own copies of what it calls."""
        for function in self._final_module.functions:
            if function.linkage == Linkage.linkonce_odr:  # a copy of what another library has too
                function.linkage = (
                    Linkage.private
                )  # without a symbol: the other keeps the name and how it is called
        super()._optimize_final_module()


@register_pass(mutates_CFG=False, analysis_only=True)
class ChooseWholeLibrary(FunctionPass):
    """Let the code of the function in hand go to a `WholeLibrary`."""

    _name = "choose_whole_library"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Set the library; nothing of the function changes."""
        state.library = WholeLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


class WholeCompiler(CompilerBase):
    """Numba's compiler, but for where the code goes."""

    def define_pipelines(self) -> list[Any]:
        """Return the one pipeline: that of nopython mode with `ChooseWholeLibrary` in it."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.add_pass_after(ChooseWholeLibrary, TranslateByteCode)
        pipeline.finalize()
        return [pipeline]


whole = numba.njit(cache=True, error_model="numpy", nogil=True, pipeline_class=WholeCompiler)
