"""Where packages come from: what the user told pip and uv about indexes, certificates and proxies.

Standard library alone, readable to Python 3.6: see `install.py`.
"""

import ast
import os
import re
import subprocess

#: What a user may have set for pip or uv and what stays in force: where files come from, not which and whither.
KEPT = re.compile(
    r"(PIP|UV)_(\w*INDEX\w*|FIND_LINKS|\w*CERTS?|NATIVE_TLS|TRUSTED_HOST|INSECURE_HOST|PROXY|\w*TIMEOUT|\w*RETRIES"
    r"|CONFIG_FILE|CACHE_DIR|NO_CACHE\w*|KEYRING_PROVIDER|OFFLINE|LINK_MODE|CONCURRENT_\w+)$"
)
#: Which of these say where files come from.
ORIGIN = re.compile(r"(PIP|UV)_(\w*INDEX\w*|FIND_LINKS|CONFIG_FILE|PROXY|OFFLINE)$")
#: Would mislead the programs started here. Under SOURCE_DATE_EPOCH Python compiles bytecode that every import
#: checks by reading and hashing the source.
DROPPED = re.compile(
    r"(PYTHON(?!USERBASE)\w*|PIP_\w+|UV_\w+|VIRTUAL_ENV|CONDA_PREFIX|__PYVENV_LAUNCHER__|SOURCE_DATE_EPOCH)$"
)
#: uv reads none of pip's settings: what pip calls it, what uv calls it, what stands between several values.
HANDED = (
    ("index-url", "UV_DEFAULT_INDEX", " "),
    ("extra-index-url", "UV_INDEX", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("cert", "SSL_CERT_FILE", ""),
    ("client-cert", "SSL_CLIENT_CERT", ""),
    ("proxy", "ALL_PROXY", ""),
)


def environment():
    """Return this process's variables without those that would mislead pip, uv or Python."""
    kept = {k: v for k, v in os.environ.items() if KEPT.match(k) or not DROPPED.match(k)}
    if "UV_CACHE_DIR" not in kept and not _writable(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")):
        kept["UV_NO_CACHE"] = "1"
    return dict(kept, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")


def closed():
    """Return the variables for an installation from a folder alone: without what the user told pip and uv of others."""
    kept = {k: v for k, v in environment().items() if not ORIGIN.match(k)}
    return dict(kept, PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")


def pip_settings(python):
    """Return where pip is told to look for packages: by its files and, these winning, by variables."""
    command = [python, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    found = {}
    for section in ("global.", "install.", ":env:."):
        for line in listing.stdout.decode("utf-8", "replace").splitlines():
            name, _, value = line.partition("=")
            if name.startswith(section):
                found[name[len(section) :]] = str(ast.literal_eval(value))
    return found


def uv_environment(settings):
    """Return the variables for uv: pip's settings handed over, but for its indexes where uv has some of its own."""
    variables = environment()
    folders = (os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"), "/etc")
    own = any(re.match(r"UV_(\w*INDEX\w*|FIND_LINKS|CONFIG_FILE)$", name) for name in variables)
    own = own or any(os.path.exists(os.path.join(folder, "uv", "uv.toml")) for folder in folders)
    if not own:
        # As pip does: look at every index. The hashes leave no choice between files.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    for pip_name, uv_name, separator in HANDED:
        if pip_name in settings and not (own and pip_name in ("index-url", "extra-index-url", "find-links")):
            value = settings[pip_name]
            variables.setdefault(uv_name, separator.join(value.split()) if separator else value)
    return variables


def _writable(folder):
    """Return whether files can be written to a folder, which may have to be made first."""
    while not os.path.exists(folder):
        folder = os.path.dirname(folder)
    return os.access(folder, os.W_OK)
