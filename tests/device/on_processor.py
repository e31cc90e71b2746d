"""Run the code of a device without a device: what numba-cuda hands to NVIDIA's compiler, compiled for the processor.

Usage: on_processor.py CITIZENS DAYS SCENARIO...; prints the digest of each run. The threads of a launch run one after
the other. All but the last step, from LLVM's form of a kernel to the code of a card, is as on a card.
"""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import cuda
from numba.cuda import dispatcher, types
from numba.cuda.compiler import compile_cuda

from glasshouse.model.cuda import kernels
from glasshouse.run import simulate

CAPABILITY = (9, 0)
REGISTERS = ("tid", "ctaid", "ntid", "nctaid")  # which thread of which block, and how many there are
INTRINSIC = "llvm.nvvm.read.ptx.sreg."


class Processor:
    """Launches kernels on the processor."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._machine = llvm.Target.from_default_triple().create_target_machine(opt=1, jit=True)
        self._known = {}

    def launch(self, function, workers, arguments):
        """Stand in for kernels.launch."""
        signature = numba.typeof(arguments)
        if (function, signature) not in self._known:
            self._known[function, signature] = self._compiled(function.py_func, signature)
        _, call, registers = self._known[function, signature]
        given = np.array([0, *flat(arguments)], np.int64)  # the first is where a value would be returned
        result = np.zeros(1, np.int64)
        given[0] = result.ctypes.data
        blocks = workers // kernels.WARP + 1
        registers["ntid"].value, registers["nctaid"].value = kernels.WARP, blocks
        for block in range(blocks):
            registers["ctaid"].value = block
            for thread in range(kernels.WARP):
                registers["tid"].value = thread
                assert call(given.ctypes.data) == 0

    def _compiled(self, function, signature):
        """Return (engine, a function of the address of its arguments, its registers)."""
        made = compile_cuda(function, types.void, (signature,), cc=CAPABILITY, nvvm_options={"opt": 3})
        whole = llvm.parse_assembly(registers_in_memory())
        for text in made.library.llvm_strs:
            whole.link_in(llvm.parse_assembly(for_processor(text)))
        name = made.fndesc.llvm_func_name
        kinds = [str(one.type) for one in whole.get_function(name).arguments]
        whole.link_in(llvm.parse_assembly(entry(name, kinds)))
        whole.triple, whole.data_layout = self._machine.triple, str(self._machine.target_data)
        whole.verify()
        engine = llvm.create_mcjit_compiler(whole, self._machine)
        engine.finalize_object()
        call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(engine.get_function_address("entry"))
        registers = {
            one: ctypes.c_int32.from_address(engine.get_global_value_address(f"register.{one}"))
            for one in REGISTERS
        }
        return engine, call, registers


def flat(value):
    """Yield a launch's arguments as a kernel takes them: seven and more words for an array."""
    if isinstance(value, tuple):
        for one in value:
            yield from flat(one)
    elif isinstance(value, np.ndarray):
        yield from (0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides)
    else:
        yield int(value)


def registers_in_memory():
    """Return a module in which the registers of a thread are variables."""
    return "\n".join(
        f"@register.{one} = global i32 0\n"
        f'define i32 @"read.{one}.x"() {{\n  %v = load i32, ptr @register.{one}\n  ret i32 %v\n}}'
        for one in REGISTERS
    )


def for_processor(text):
    """Return a module of a kernel that names no card."""
    kept = [line for line in text.splitlines() if not line.startswith(("target triple", "target datalayout"))]
    return "\n".join(kept).replace(INTRINSIC, "read.")


def entry(name, kinds):
    """Return a module with a function that calls a kernel with arguments from memory."""
    lines = [f'declare i32 @"{name}"({", ".join(kinds)})', "define i32 @entry(ptr %given) {"]
    for k, kind in enumerate(kinds):
        lines += [f"  %p{k} = getelementptr i64, ptr %given, i64 {k}", f"  %v{k} = load {kind}, ptr %p{k}"]
    called = ", ".join(f"{kind} %v{k}" for k, kind in enumerate(kinds))
    return "\n".join([*lines, f'  %status = call i32 @"{name}"({called})', "  ret i32 %status", "}"])


def main(citizens, days, *scenarios):
    """Print the digest of a run of each scenario."""
    memory = SimpleNamespace(free=2**31)
    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=CAPABILITY)
    cuda.is_available = lambda: True
    cuda.current_context = lambda: SimpleNamespace(get_memory_info=lambda: memory)
    cuda.managed_array = np.empty
    kernels.launch = Processor().launch
    for one in scenarios:
        print(simulate(one, citizens=int(citizens), days=int(days), backend="cuda").digest)


if __name__ == "__main__":
    main(*sys.argv[1:])
