package org.unet4j.eval;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.unet4j.io.Problem;

/** Predictions and references do not fit together; all that is wrong, at once. */
public final class EvaluationException extends IOException {

    private static final long serialVersionUID = 1;
    private static final int SHOWN = 20;

    private final transient List<Problem> problems;

    /** Makes an exception of at least one problem; the message shows the first {@value #SHOWN}. */
    public EvaluationException(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    static void throwIfAny(List<Problem> problems) throws EvaluationException {
        if (!problems.isEmpty()) {
            throw new EvaluationException(problems);
        }
    }

    /** Returns every problem. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        String shown = problems.stream()
                .limit(SHOWN)
                .map(problem -> "[" + problem.file().getFileName() + "] " + problem.what())
                .collect(Collectors.joining("\n"));
        return problems.size() <= SHOWN ? shown : shown + "\nand " + (problems.size() - SHOWN) + " more";
    }
}
