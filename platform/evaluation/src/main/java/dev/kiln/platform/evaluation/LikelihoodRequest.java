package dev.kiln.platform.evaluation;

import java.util.Arrays;

/**
 * How likely is a continuation after a context?
 *
 * @param context ids, at least one
 * @param continuation ids, at least one
 */
public record LikelihoodRequest(int[] context, int[] continuation) {
    public LikelihoodRequest {
        if (context.length == 0 || continuation.length == 0) {
            throw new IllegalArgumentException("expected a context and a continuation");
        }
    }

    int length() {
        return context.length + continuation.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LikelihoodRequest request
                && Arrays.equals(context, request.context)
                && Arrays.equals(continuation, request.continuation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(context) + Arrays.hashCode(continuation);
    }
}
