"""Which names a piece of code binds, and which it takes from outside.

The examiner resolves a test's unknown names to the student's exports. So that this is never a surprise, every name that
a cell takes from outside is known when the chapter is built.
"""

import ast
import builtins
import symtable

BUILTINS = frozenset(dir(builtins)) | {"__name__", "display"}  # IPython gives display to every cell
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def bound_names(source, imports=True):
    """Return the names that code binds at top level, in order of appearance.

    Parameters
    ----------
    source : str
    imports : bool, default True
        Whether the names that an import binds count.

    Returns
    -------
    list of str
    """
    top = symtable.symtable(source, "cell", "exec")
    names = [
        symbol.get_name() for symbol in top.get_symbols() if _is_bound(symbol) and (imports or not symbol.is_imported())
    ]
    inner = [symbol.get_name() for table in _tables_in(top) for symbol in table.get_symbols() if _binds_global(symbol)]
    return list(dict.fromkeys(names + inner))


def free_names(source):
    """Return the names that code reads from outside, built-ins aside.

    Parameters
    ----------
    source : str

    Returns
    -------
    dict of str to int
        Each name with the line of its first use. At top level order counts: in `x = x + 1` the name x comes from
        outside. A function runs later, so what it reads may be bound anywhere.
    """
    tree = ast.parse(source)
    bound = set(bound_names(source))
    reader = _Reader()
    reader.run(tree.body)
    free = dict(reader.free)
    for table in _tables_in(symtable.symtable(source, "cell", "exec")):
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if symbol.is_global() and symbol.is_referenced() and name not in bound:
                free.setdefault(name, _first_line(tree, name))
    return {name: line for name, line in sorted(free.items(), key=lambda item: item[1]) if name not in BUILTINS}


def defines_only(source):
    """Return whether code does nothing but import, define functions and classes, and name constants."""
    body = ast.parse(source).body
    return all(
        isinstance(part, DEFINITIONS)
        or (isinstance(part, ast.Expr | ast.Assign) and isinstance(part.value, ast.Constant))
        for part in body
    )


def read_at_once(source):
    """Return the names that code reads from outside while it runs, not only in functions that are called later."""
    reader = _Reader()
    reader.run(ast.parse(source).body)
    return set(reader.free)


def attributes_of(source, name):
    """Return the attributes that code reads from a name; None where it uses the name in another way (getattr)."""
    nodes = list(ast.walk(ast.parse(source)))
    reads = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    attributes = [node.attr for node in reads if node.value.id == name]
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == name]
    return set(attributes) if len(uses) == len(attributes) else None


def _is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported()


def _binds_global(symbol):
    return symbol.is_declared_global() and _is_bound(symbol)


def _tables_in(table):
    """Yield the symbol tables of the functions, classes and comprehensions inside a table, at any depth."""
    for child in table.get_children():
        yield child
        yield from _tables_in(child)


def _first_line(tree, name):
    reads = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return next((node.lineno for node in reads if node.id == name), 1)


class _Reader(ast.NodeVisitor):
    """Walk the statements at top level in order, noting the names that are read before anything bound them."""

    def __init__(self):
        self.bound, self.free = set(), {}

    def run(self, nodes):
        for node in nodes:
            self.visit(node)

    def generic_visit(self, node):
        if isinstance(node, FUNCTIONS):
            self._visit_function(node)
        elif isinstance(node, COMPREHENSIONS):
            self._visit_comprehension(node)
        else:
            super().generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif node.id not in self.bound:
            self.free.setdefault(node.id, node.lineno)

    def visit_Assign(self, node):
        self.run([node.value, *node.targets])

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.visit(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
        self.run([node.value, node.target])

    def visit_AnnAssign(self, node):
        self.run([node.annotation, *([node.value, node.target] if node.value else [])])

    def visit_NamedExpr(self, node):
        self.run([node.value, node.target])

    def visit_For(self, node):
        self.run([node.iter, node.target, *node.body, *node.orelse])

    def visit_ExceptHandler(self, node):
        self.run([node.type] if node.type else [])
        self.bound.update([node.name] if node.name else [])
        self.run(node.body)

    def visit_Import(self, node):
        self.bound.update(alias.asname or alias.name.split(".")[0] for alias in node.names)

    visit_ImportFrom = visit_Import

    def visit_MatchAs(self, node):
        super().generic_visit(node)
        self.bound.update([node.name] if node.name else [])

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node):
        super().generic_visit(node)
        self.bound.update([node.rest] if node.rest else [])

    def visit_ClassDef(self, node):
        self.run(node.decorator_list + node.bases + [keyword.value for keyword in node.keywords])
        body = _Reader()  # runs here, but what it binds stays in the class
        body.bound = set(self.bound)
        body.run(node.body)
        self.free = body.free | self.free
        self.bound.add(node.name)

    def _visit_function(self, node):
        """A function's body runs later; its decorators, defaults and annotations run here."""
        every = node.args.posonlyargs + node.args.args + node.args.kwonlyargs + [node.args.vararg, node.args.kwarg]
        now = [*getattr(node, "decorator_list", []), *node.args.defaults, *node.args.kw_defaults]
        now += [argument.annotation for argument in every if argument] + [getattr(node, "returns", None)]
        self.run([part for part in now if part])
        if not isinstance(node, ast.Lambda):
            self.bound.add(node.name)
        self.bound.update(name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names)

    def _visit_comprehension(self, node):
        """A comprehension runs here; its targets are its own, and a walrus inside binds outside."""
        inner = _Reader()
        inner.bound = set(self.bound)
        for generator in node.generators:
            inner.run([generator.iter, generator.target, *generator.ifs])
        inner.run([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self.free = inner.free | self.free
        self.bound.update(part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
