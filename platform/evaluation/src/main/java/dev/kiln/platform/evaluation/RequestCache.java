package dev.kiln.platform.evaluation;

import dev.kiln.platform.inference.Likelihood;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finished requests in a file, a line each, so that an evaluation that was stopped goes on where it
 * was. A line that was cut off counts for nothing. Used by one thread.
 */
final class RequestCache implements AutoCloseable {
    private static final int FIELDS = 4;

    private final Map<String, String> known = new HashMap<>();
    private final BufferedWriter writer;

    /**
     * @param model tells this model, as it computes here, from all others: what is kept of others is
     *     dropped
     */
    RequestCache(Path file, String model) throws IOException {
        String title = "requests of " + hash(model.getBytes(StandardCharsets.UTF_8));
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        boolean same = !lines.isEmpty() && lines.getFirst().equals(title);
        if (same) {
            lines.stream().skip(1).forEach(this::remember);
        }
        writer =
                Files.newBufferedWriter(
                        file,
                        StandardOpenOption.CREATE,
                        same ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
        writer.write(same ? "\n" : title + "\n");
    }

    private void remember(String line) {
        int space = line.indexOf(' ');
        if (space > 0 && line.endsWith(".")) {
            known.put(line.substring(0, space), line.substring(space + 1, line.length() - 1));
        }
    }

    int size() {
        return known.size();
    }

    Optional<Likelihood> find(LikelihoodRequest request) {
        return Optional.ofNullable(known.get(key(request)))
                .map(value -> value.split(" "))
                .filter(parts -> parts.length == FIELDS - 1)
                .map(
                        parts ->
                                new Likelihood(
                                        Double.parseDouble(parts[0]),
                                        Integer.parseInt(parts[1]),
                                        Boolean.parseBoolean(parts[2])))
                .filter(likelihood -> !Double.isNaN(likelihood.sum()));
    }

    void keep(LikelihoodRequest request, Likelihood likelihood) {
        write(
                key(request),
                likelihood.sum() + " " + likelihood.tokens() + " " + likelihood.greedy());
    }

    /** What was written after a prompt. */
    Optional<String> find(int[] prompt, int maxTokens) {
        return Optional.ofNullable(known.get(key(prompt, maxTokens)))
                .map(
                        value ->
                                new String(
                                        Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    }

    void keep(int[] prompt, int maxTokens, String written) {
        write(
                key(prompt, maxTokens),
                Base64.getEncoder().encodeToString(written.getBytes(StandardCharsets.UTF_8)));
    }

    private void write(String key, String value) {
        known.put(key, value);
        try {
            writer.write(key + " " + value + ".\n");
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(LikelihoodRequest request) {
        return "l" + hash(bytes(request.context(), request.continuation()));
    }

    private static String key(int[] prompt, int maxTokens) {
        return "w" + hash(bytes(prompt, new int[] {maxTokens}));
    }

    private static byte[] bytes(int[] first, int[] second) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + first.length + second.length));
        bytes.putInt(first.length);
        for (int id : first) {
            bytes.putInt(id);
        }
        for (int id : second) {
            bytes.putInt(id);
        }
        return bytes.array();
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
