package dev.kiln.testkit;

/** Some clauses of {@link BackendContract}, which has them all. */
interface Clauses {
    Bench bench();
}
