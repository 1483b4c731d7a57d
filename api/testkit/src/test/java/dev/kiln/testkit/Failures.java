package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs contracts of broken extensions and looks at how they fail. */
final class Failures {
    private Failures() {}

    /** All clauses of a contract; one that fails must name this clause. */
    static void mustName(String clause, Class<?> contract) {
        mustName(clause, DiscoverySelectors.selectClass(contract));
    }

    /** One clause only. */
    static void mustName(String clause, Class<?> contract, String method) {
        mustName(clause, DiscoverySelectors.selectMethod(contract.getName() + "#" + method));
    }

    /** One clause that holds. */
    static void none(Class<?> contract, String method) {
        TestExecutionSummary summary =
                run(DiscoverySelectors.selectMethod(contract.getName() + "#" + method));
        assertTrue(summary.getTestsSucceededCount() > 0, "nothing was tried");
        assertEquals(0, summary.getTotalFailureCount(), () -> said(summary).toString());
    }

    /** One clause that is not tried. */
    static void skipped(Class<?> contract, String method) {
        TestExecutionSummary summary =
                run(DiscoverySelectors.selectMethod(contract.getName() + "#" + method));
        assertTrue(summary.getTestsAbortedCount() > 0, "nothing was skipped");
        assertEquals(summary.getTestsFoundCount(), summary.getTestsAbortedCount());
    }

    private static void mustName(String clause, DiscoverySelector tests) {
        List<String> failures = said(run(tests));
        assertTrue(
                failures.stream().anyMatch(said -> said.contains("broken clause: " + clause)),
                () -> "expected a failure that names \"" + clause + "\", got " + failures);
    }

    private static List<String> said(TestExecutionSummary summary) {
        return summary.getFailures().stream()
                .map(failure -> String.valueOf(failure.getException().getMessage()))
                .toList();
    }

    private static TestExecutionSummary run(DiscoverySelector tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(tests).build();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }
}
