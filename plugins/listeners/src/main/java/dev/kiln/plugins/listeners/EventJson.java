package dev.kiln.plugins.listeners;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** Events as JSON. What is not finite is null, since JSON has no word for it. */
final class EventJson {
    private static final JsonFactory JSON = new JsonFactory();

    private EventJson() {}

    /**
     * One line, without its end.
     *
     * @param step after which it happened
     */
    static String text(RunEvent event, long step, Instant time) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", time.toString());
            json.writeStringField("event", name(event));
            json.writeNumberField("step", step);
            write(json, event);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * The step of a line.
     *
     * @throws IllegalArgumentException when it is not a line of {@link #text}
     */
    static long step(String line) {
        try (JsonParser json = JSON.createParser(line)) {
            long step = -1;
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an object: " + line);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isStep = json.currentName().equals("step");
                json.nextToken();
                step = isStep ? json.getLongValue() : step;
                json.skipChildren();
            }
            if (step < 0 || json.currentToken() != JsonToken.END_OBJECT) {
                throw new IllegalArgumentException("no step: " + line);
            }
            return step;
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + line, e);
        }
    }

    private static String name(RunEvent event) {
        return switch (event) {
            case RunEvent.Started _ -> "started";
            case RunEvent.Step _ -> "step";
            case RunEvent.Evaluated _ -> "evaluated";
            case RunEvent.Scored _ -> "scored";
            case RunEvent.Saved _ -> "saved";
            case RunEvent.Sampled _ -> "sampled";
            case RunEvent.Notice _ -> "notice";
            case RunEvent.Finished _ -> "finished";
            case RunEvent.Failed _ -> "failed";
            case RunEvent.Measured _ -> "measured";
            default -> event.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    private static void write(JsonGenerator json, RunEvent event) throws IOException {
        switch (event) {
            case RunEvent.Started started -> {
                json.writeStringField("title", started.title());
                json.writeNumberField("steps", started.steps());
            }
            case RunEvent.Step step -> write(json, step);
            case RunEvent.Evaluated evaluated -> {
                json.writeNumberField("tokens", evaluated.tokens());
                number(json, "loss", evaluated.loss());
                number(json, "perplexity", evaluated.perplexity());
                number(json, "bits_per_byte", evaluated.bitsPerByte());
            }
            case RunEvent.Scored scored -> {
                json.writeStringField("part", scored.part());
                number(json, "loss", scored.loss());
                for (Map.Entry<String, Double> score : scored.scores().entrySet()) {
                    number(json, score.getKey(), score.getValue());
                }
            }
            case RunEvent.Saved saved -> {
                json.writeStringField("folder", saved.folder().toString());
                json.writeBooleanField("best", saved.best());
            }
            case RunEvent.Sampled sampled -> {
                json.writeStringField("prompt", sampled.prompt());
                json.writeStringField("continuation", sampled.continuation());
            }
            case RunEvent.Notice notice -> json.writeStringField("message", notice.message());
            case RunEvent.Finished finished -> json.writeStringField("summary", finished.summary());
            case RunEvent.Failed failed -> json.writeStringField("message", failed.message());
            case RunEvent.Measured measured -> {
                for (Map.Entry<String, Double> value : measured.values().entrySet()) {
                    number(json, value.getKey(), value.getValue());
                }
            }
            default -> {} // of a later version: its name is all that is known of it
        }
    }

    private static void write(JsonGenerator json, RunEvent.Step step) throws IOException {
        json.writeNumberField("tokens", step.tokens());
        number(json, "loss", step.loss());
        number(json, "learning_rate", step.learningRate());
        number(json, "gradient_norm", step.gradientNorm());
        number(json, "tokens_per_second", step.tokensPerSecond());
        number(json, "elapsed_seconds", seconds(step.elapsed()));
    }

    private static double seconds(Duration elapsed) {
        return elapsed.toMillis() / 1000.0;
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}
