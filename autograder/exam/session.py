"""The student process of one submission, started again where a student's code ended it: other exercises go on."""

from autograder.exam.boundary import StudentGone
from autograder.exam.trusted import python_of

INSTRUCTOR_SECONDS = 60.0  # for an author's cell
MAX_ENDINGS = 6  # cells that may end the process before no more of the student's cells are run


class Session:
    """Runs the cells of a submission in a student process, and gives that process to tests.

    A cell that ends the process (os._exit, an endless loop, too much memory) is left out when it is started again.
    Where that is the student's run of a visible test, its exercise is in `stopped`: no other test of it need try.
    """

    def __init__(self, assembled, assignment, sandbox, limits, forbidden, names, sides):
        self.cells, self.exercises = assembled.cells, assignment.exercises
        self.sandbox, self.limits, self.forbidden, self.names = sandbox, limits, forbidden, names
        self.course = sides.course_names()
        self.current = None
        self.left_out = {}  # index of a cell -> why
        self.stopped = {}  # exercise -> why
        self.shown = {}  # index of a cell -> (output, error)
        self.peak_mb = 0.0

    def process(self):
        """Return a student process in which the cells have run."""
        while self.current is None or not self.current.alive:
            self.close()
            self.current = self.sandbox.student(self.limits, self.forbidden, self.names)
            self.run_cells()
        return self.current

    def run_cells(self):
        """Run the cells; return early where one of them ended the process."""
        for index, cell in enumerate(self.cells):
            if index in self.left_out or (len(self.left_out) >= MAX_ENDINGS and cell.kind != "instructor"):
                continue
            course = self.course.get(python_of(cell.source), ()) if cell.kind == "instructor" else ()
            try:
                with self.current.within(self.seconds(cell)):
                    self.shown[index] = self.current.boundary.run_cell(cell.source, f"cell {index + 1}", course)
            except StudentGone:
                self.left_out[index] = self.current.reason
                if cell.kind == "test":
                    self.stopped[cell.exercise] = self.current.reason
                return

    def seconds(self, cell):
        """Return the CPU time that a cell may take."""
        if cell.kind == "instructor":
            return max(INSTRUCTOR_SECONDS, self.limits.cell_seconds)
        exercise = self.exercises.get(cell.exercise)
        if exercise is None:
            return self.limits.cell_seconds
        return exercise.limit if cell.kind == "test" else max(exercise.limit, self.limits.cell_seconds)

    def problem_of(self, exercise):
        """Return what the cells of an exercise's answer raised, in words, or None."""
        for index, cell in enumerate(self.cells):
            if cell.kind == "solution" and cell.exercise == exercise:
                if index in self.left_out:
                    return f"your cell ended the process: {self.left_out[index]}"
                if error := self.shown.get(index, ("", None))[1]:
                    name, message, line = error
                    where = f" (line {line})" if line else ""
                    return f"your cell raised {name}: {message}{where}"
        return None

    def close(self):
        """End the process."""
        if self.current is not None:
            self.current.close()
            self.peak_mb = max(self.peak_mb, self.current.peak_mb)
            self.current = None

    def outputs(self):
        """Return what each cell showed, in nbformat's form."""
        return [self.outputs_of(index) for index in range(len(self.cells))]

    def outputs_of(self, index):
        """Return what one cell showed."""
        if index in self.left_out:
            return [error_output("Stopped", f"the process ended: {self.left_out[index]}", None)]
        text, error = self.shown.get(index, ("", None))
        found = [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
        return found + ([error_output(*error)] if error else [])


def error_output(name, message, line):
    """Return an error as a cell's output."""
    where = [f"line {line} of this cell"] if line else []
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}", *where]}
