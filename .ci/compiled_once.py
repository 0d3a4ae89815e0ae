"""Fails if the artifacts that `cargo test --message-format json` writes have a crate of the workspace twice.

A crate is compiled twice if its build and its tests see other features of any crate below it."""

import collections
import json
import sys

files = collections.defaultdict(set)
for line in sys.stdin:
    message = json.loads(line)
    if message["reason"] == "compiler-artifact" and not message["profile"]["test"]:
        target = message["target"]
        if "lib" in target["kind"] and message["package_id"].startswith("path+"):
            names = (name for name in message["filenames"] if name.endswith(".rlib"))
            files[message["package_id"]].update(names)

twice = {package: sorted(names) for package, names in files.items() if len(names) > 1}
for package, names in twice.items():
    print(f"{package} is compiled {len(names)} times: {', '.join(names)}", file=sys.stderr)
sys.exit(bool(twice) or not files)
