package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kiln.distribution.Unpacked.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the presets need, against what the papers say of them. */
class PlanIT {
    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(place);
    }

    private static Result plan(String preset, String... more) throws Exception {
        String[] arguments = new String[2 + more.length];
        arguments[0] = "plan";
        arguments[1] = kiln.home().resolve("configs/pretrain/" + preset + ".yaml").toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return kiln.kiln(place, arguments);
    }

    private static JsonNode json(String preset, String... more) throws Exception {
        String[] asJson = new String[more.length + 1];
        asJson[0] = "--json";
        System.arraycopy(more, 0, asJson, 1, more.length);
        Result result = plan(preset, asJson);
        assertEquals(0, result.exitCode(), result.errors());
        assertEquals("", result.errors());
        return new ObjectMapper().readTree(result.output());
    }

    /**
     * Parameters and batches: Radford et al., 2018 and 2019; Brown et al., 2020, table 2.1. GPT-2's
     * counts are those of the released checkpoints, which the paper's table 2 rounds otherwise.
     */
    @ParameterizedTest
    @CsvSource({
        "gpt1-117m, 117e6, 32768",
        "gpt2-124m, 124e6, 524288",
        "gpt2-1558m, 1558e6, 524288",
        "gpt3-125m, 125e6, 0.5e6",
        "gpt3-13b, 13e9, 2e6",
        "gpt3-175b, 175e9, 3.2e6"
    })
    void parametersAndBatchAreThePublishedOnes(String preset, double parameters, double batch)
            throws Exception {
        JsonNode plan = json(preset);
        assertEquals(parameters, plan.get("parameters").asDouble(), 0.015 * parameters);
        JsonNode compute = plan.get("compute");
        double tokens = compute.get("tokens").asDouble() / compute.get("updates").asDouble();
        // A ramp makes the mean update of a run smaller than the batch.
        assertTrue(tokens > 0.85 * batch && tokens < 1.01 * batch, preset + ": " + tokens);
    }

    @Test
    void gpt3NeedsTheOperationsThatItsPaperCounts() throws Exception {
        JsonNode plan = json("gpt3-175b", "--flops", "1e15");
        assertEquals(175e9, plan.get("parameters").asDouble(), 0.01 * 175e9);
        // Brown et al., 2020, table D.1: 3.14e23, attention not counted.
        JsonNode compute = plan.get("compute");
        double products = compute.get("products").asDouble() * compute.get("tokens").asDouble();
        assertEquals(3.14e23, products, 0.01 * 3.14e23);
        assertEquals(
                compute.get("flops").asDouble() / 1e15,
                compute.get("seconds").asDouble(),
                1e-9 * compute.get("seconds").asDouble());
    }

    @Test
    void aTableSaysTheSame() throws Exception {
        Result result = plan("gpt2-124m", "model.layers=2", "--flops", "1e12");
        assertEquals(0, result.exitCode(), result.errors());
        // 50257 · 768 + 1024 · 768 + 2 · (12 · 768² + 13 · 768) + 2 · 768
        assertTrue(
                result.output().lines().anyMatch(line -> line.matches("parameters +53,561,088")),
                result.output());
    }

    @Test
    void whatCannotBePlannedIsSaidInOneLine() throws Exception {
        Result rate = plan("gpt2-124m", "--flops", "-1");
        assertEquals(2, rate.exitCode());
        assertTrue(rate.errors().contains("--flops"), rate.errors());
        Result other =
                kiln.kiln(
                        place,
                        "plan",
                        kiln.home().resolve("configs/generate/definitions.yaml").toString());
        assertEquals(2, other.exitCode());
        assertTrue(other.errors().contains("'run: pretrain'"), other.errors());
    }
}
