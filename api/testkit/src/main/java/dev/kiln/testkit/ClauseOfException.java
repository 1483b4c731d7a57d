package dev.kiln.testkit;

import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Names the clause when what is tried throws something before the clause could look at it. The clause
 * is the test's name in words.
 */
final class ClauseOfException implements TestExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
            throws Throwable {
        if (thrown instanceof AssertionError || thrown instanceof TestAbortedException) {
            throw thrown;
        }
        throw new AssertionError(
                "broken clause: "
                        + words(context.getRequiredTestMethod().getName())
                        + "; thrown was "
                        + thrown,
                thrown);
    }

    private static String words(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=A)(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
