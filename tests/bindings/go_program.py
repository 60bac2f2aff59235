"""Builds a Go program as a stranger does, with the module that was installed.

usage: go_program.py GO MODULE SOURCE.go PROGRAM [COMMAND...]; then runs the command with the program in place of {}.
"""
import pathlib
import shutil
import subprocess
import sys

GO_MOD = """module stranger

go 1.19

require archaeologist v0.0.0

replace archaeologist => {module}
"""


def main():
    go, module, source, program = sys.argv[1:5]
    folder = pathlib.Path(program + "-module")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text(GO_MOD.format(module=module))
    shutil.copy(source, folder / "main.go")
    subprocess.run([go, "vet", "."], cwd=folder, check=True)
    subprocess.run([go, "build", "-o", program, "."], cwd=folder, check=True)
    if len(sys.argv) > 5:
        subprocess.run([part.replace("{}", program) for part in sys.argv[5:]], stdin=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
