"""Bad inputs, by kind: what each would do if it were read as code or markup. All tests of untrusted input use these.

Code that runs leaves a trace: a script sets `ran` on its window, opens a dialog or requests something from `AWAY`; a
command makes a file called `MARK` in the folder where it is run.
"""

#: A host that does not exist.
AWAY = "outside.invalid"
#: The file that a command would make.
MARK = "ran-as-a-command"


def sets(name: str) -> str:
    """Return a script that leaves a trace."""
    return f"window.ran='{name}'"


#: Each would run a script, open a dialog, ask for something or take the page apart.
MARKUP = {
    "script": f"<script>{sets('script')}</script>",
    "script in capitals": f"<SCRIPT/x>{sets('capitals')}</SCRIPT >",
    "script from elsewhere": f"<script src=http://{AWAY}/x.js></script>",
    "module": f"<script type=module>{sets('module')}</script>",
    "script that never ends": f"<script>{sets('open')}//",
    "script after a quote": f'"><script>{sets("quote")}</script>',
    "script after a title": f"</title></style></textarea><script>{sets('title')}</script>",
    "script after a table": f"</td></tr></caption></table><script>{sets('table')}</script>",
    "script after a comment": f"--><script>{sets('comment')}</script><!--",
    "script that is escaped": f"&lt;script&gt;{sets('escaped')}&lt;/script&gt;",
    "script within a script": f"<scr<script>ipt>{sets('within')}</scr</script>ipt>",
    "image with a handler": f"<img src=x onerror={sets('image')}>",
    "handler after a quote": f'" autofocus onfocus="{sets("focus")}" x="',
    "element with a handler": f"<b onmouseover={sets('over')} onclick={sets('click')}>5</b>",
    "drawing with a handler": f"<svg onload={sets('drawing')}><script>{sets('svg')}</script></svg>",
    "fold with a handler": f"<details open ontoggle={sets('fold')}><summary>x</summary></details>",
    "formula with a handler": f"<math><mtext><img src=x onerror={sets('math')}></mtext></math>",
    "link to a script": f'<a href="javascript:{sets("link")}">x</a>',
    "link to data": f"<a href='data:text/html,<script>{sets('data')}</script>'>x</a>",
    "frame": f'<iframe srcdoc="<script>parent.{sets("frame")}</script>"></iframe>',
    "object": f"<object data='data:text/html,<script>parent.{sets('object')}</script>'></object>",
    "dialog": "<script>alert(document.domain)</script><img src=x onerror=alert(1)>",
    "image from elsewhere": f"<img src=http://{AWAY}/pixel.png>",
    "style from elsewhere": f"<link rel=stylesheet href=http://{AWAY}/x.css><style>@import url(http://{AWAY}/y.css)</style>",
    "style that hides": "</style><style>body{display:none}</style>",
    "address of the page": f"<base href=http://{AWAY}/>",
    "another page": f'<meta http-equiv=refresh content="0;url=http://{AWAY}/">',
    "form": f"<form action=http://{AWAY}/><input autofocus onfocus={sets('input')}></form>",
    "section that never ends": "<!-- <section> <![CDATA[ <plaintext>",
}

#: Each would be more than text to Markdown.
MARKDOWN = {
    "link": f"[x](javascript:{sets('link')})",
    "image": f"![x](http://{AWAY}/pixel.png)",
    "address": f"see http://{AWAY}/page and www.{AWAY}",
    "address in brackets": f"<http://{AWAY}/>",
    "reference": f"[x]: http://{AWAY}/ 'x'",
    "heading": "# heading",
    "list": "- item",
    "table": "| a | b |",
    "words": "**bold** _slanted_ `code` ~~gone~~ [^1]",
    "formula": r"$\frac{1}{2}$ and \(x\) and $$x$$",
    "broken formula": r"$\undefined{ $",
    "lines": "one\n\n    code\n\n- item\n\n# heading",
}

#: Each would be calculated, or start a program, by a spreadsheet that opens a CSV file.
FORMULAS = {
    "command": f"=cmd|'/C touch {MARK}'!A0",
    "command with a sign": f"+cmd|'/C touch {MARK}'!A0",
    "command with a minus": f"-2+3+cmd|'/C touch {MARK}'!A0",
    "function": f"@SUM(1+1)*cmd|'/C touch {MARK}'!A0",
    "link": f'=HYPERLINK("http://{AWAY}/","x")',
    "request": f'=WEBSERVICE("http://{AWAY}/")',
}

#: Each would be filled in, or run, by a template of one kind or another.
TEMPLATES = {
    "Jinja": "{{ 7 * 7 }}",
    "Jinja that runs": f"{{{{ cycler.__init__.__globals__.os.popen('touch {MARK}').read() }}}}",
    "Jinja statement": "{% for x in () %}",
    "slot": "{pairings} {figure_6}",
    "slot that reaches further": "{x.__class__} {0.__init__.__globals__}",
    "open slot": "{ {{ }",
    "percent": "%(name)s %s %n",
    "shell": "${HOME} $(pwd)",
    "Python": f"__import__('os').system('touch {MARK}')",
    "Python after a quote": f'"; import os; os.system("touch {MARK}"); "',
    "Python after three": f"'''\nimport os; os.system('touch {MARK}')\n'''",
    "escapes": r"\N{BULLET} \x41 \u0041 \n \\",
    "place of the code": "<!--cell-->",
}

#: Each would run a command in a shell or in Make.
SHELL = {
    "substitution": f"$(touch {MARK})",
    "backticks": f"`touch {MARK}`",
    "next command": f"x; touch {MARK} & touch {MARK} && touch {MARK} | touch {MARK} #",
    "after a quote": f'x"; touch {MARK}; "',
    "after another quote": f"x'; touch {MARK}; '",
    "next line": f"x\ntouch {MARK}",
    "to a file": f"x > {MARK}",
    "function of Make": f"$(shell touch {MARK}) ${{shell touch {MARK}}}",
    "evaluation": f"$(eval x := $(shell touch {MARK}))",
    "comma": f"a,b)$(shell touch {MARK}",
}

#: Letters that disguise, break or end a text.
LETTERS = {
    "right to left": "abc\u202etxt.exe",
    "isolates": "\u2066\u2067x\u2069",
    "no width": "a\u200bb\u200d\ufeffc",
    "line ends": "a\u0085b\u2028c\u2029d",
    "terminal": "\x1b[31mred\x1b]0;title\x07\x1b[2J",
    "delete": "a\x7fb\x08c",
    "piled up": "z\u0351\u036b\u0343\u0349\u0321a\u0334\u0321",
    "no character": "a\ufffe\uffffb",
    "beyond the plane": "\U0001f468\u200d\U0001f469 \U000e0001",
}

#: Each would name a place outside of the folder, or be an option.
PATHS = {
    "above": "../x",
    "the folder above": "..",
    "the folder": ".",
    "below": "a/b",
    "root": "/etc/passwd",
    "home": "~/x",
    "drive": "C:\\x",
    "capitals": "LAC",
    "space": "a b",
    "line end": "lac\n",
    "accent": "é",
    "underscore": "a_b",
    "option": "-r;",
    "long option": "--help",
    "template": "{x.__class__}",
    "file address": "file:///etc/passwd",
}


def _laughs(width: int = 9, depth: int = 9) -> str:
    """Return a billion of words in a few lines of YAML."""
    lines = ["a0: &a0 [" + ", ".join(["lol"] * width) + "]"]
    for level in range(1, depth + 1):
        lines.append(f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * width) + "]")
    return "\n".join(lines) + "\n"


#: Contents of files of parameters.
YAML = {
    "unknown": b"colour: red\n",
    "misspelt": b"Side: EU\n",
    "dashed": b"si-de: EU\n",
    "newline in the name": f"\"side\\nimport os; os.system('touch {MARK}')\": EU\n".encode(),
    "code for a name": f"\"side = 'EU'; import os; os.system('touch {MARK}'); x\": EU\n".encode(),
    "look-alike for a name": "ſide: EU\n".encode(),
    "number for a name": b"1: EU\n",
    "truth for a name": b"NO: EU\n",
    "NO": b"side: NO\n",
    "010": b"side: 010\n",
    "time": b"side: 12:30:45\n",
    "3": b"rounding: 3\n",
    "nothing": b"side:\n",
    "date": b"side: 2020-01-01\n",
    "list": b"side: [EU]\n",
    "bytes": b"side: !!binary RVU=\n",
    "set": b"side: !!set {EU}\n",
    "no choice": b"side: US\n",
    "small letters": b"side: eu\n",
    "direction": "side: \u202eEU\n".encode(),
    "code for a value": f"side: \"EU\\nimport os; os.system('touch {MARK}')\"\n".encode(),
    "template for a value": b'side: "{{ 7 * 7 }} {x.__class__}"\n',
    "rounding": b"rounding: up\n",
    "twice": b"side: EU\nside: LAC\n",
    "twice the same": b"side: EU\nside: EU\n",
    "object": f'side: !!python/object/apply:os.system ["touch {MARK}"]\n'.encode(),
    "new object": f"side: !!python/object/new:os.system [touch {MARK}]\n".encode(),
    "object for all": b"!!python/object:os.stat {}\n",
    "object for a name": f'? !!python/object/apply:os.system ["touch {MARK}"]\n: EU\n'.encode(),
    "name tag": b"side: !!python/name:os.getcwd\n",
    "module tag": b"side: !!python/module:os\n",
    "open quote": b'side: "EU\n',
    "two documents": b"side: EU\n---\nside: LAC\n",
    "list for a name": b"? [side]\n: EU\n",
    "itself": b"&a [*a]: EU\n",
    "itself for a value": b"side: &a [*a]\n",
    "merged": b"x: &x {side: EU}\n<<: *x\n",
    "deep": b"[" * 5000,
    "a billion of laughs": _laughs().encode(),
    "a billion of laughs for a value": b"side: &b\n  " + _laughs().strip().replace("\n", "\n  ").encode() + b"\n",
    "a billion of laughs for a name": _laughs(depth=7).encode() + b"? *a7\n: EU\n",
    "no such day": b"side: 2020-13-45\n",
    "zero byte": b"side: \x00\n",
    "escaped zero byte": b'side: "EU\\0"\n',
    "Latin-1": "side: Perú\n".encode("latin-1"),
    "UTF-16": "side: EU\n".encode("utf-16"),
    "a list": b"- side\n",
    "a word": b"side\n",
    "a comment": b"# side: EU\n",
    "empty": b"",
    "blank": b" \n\n",
}

#: All that is text and stays text in a cell of a table: values by kind and name.
TEXTS = {
    f"{kind}, {name}": value
    for kind, values in {
        "markup": MARKUP,
        "Markdown": MARKDOWN,
        "formula": FORMULAS,
        "template": TEMPLATES,
        "shell": SHELL,
        "letters": LETTERS,
        "path": PATHS,
    }.items()
    for name, value in values.items()
}
