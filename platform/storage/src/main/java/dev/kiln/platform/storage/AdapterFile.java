package dev.kiln.platform.storage;

import dev.kiln.platform.storage.AdapterChange.LowRank;
import dev.kiln.platform.storage.AdapterChange.Rows;
import dev.kiln.platform.storage.AdapterChange.Whole;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The adapter in a folder of peft's layout, compared with the model that it is for. It changes
 * matrices by {@code lora_A} [r, in] and {@code lora_B} [out, r] of their modules, replaces rows of
 * tables of tokens ({@code trainable_tokens_delta}), and holds a head ({@code score}) whole. Used by
 * one thread.
 */
public final class AdapterFile implements AutoCloseable {
    /** The file in an adapter's folder. */
    public static final String TENSORS = "adapter_model.safetensors";

    private static final Pattern LORA = Pattern.compile("(.+)\\.lora_([AB])\\.weight");
    private static final Pattern ROWS = Pattern.compile("(.+)" + Pattern.quote(AdapterLayout.ROWS));

    private final AdapterConfig config;
    private final AdapterLayout layout;
    private final SafetensorsFile file;
    private final Map<String, List<AdapterChange>> changes = new LinkedHashMap<>();

    private AdapterFile(AdapterConfig config, AdapterLayout layout, SafetensorsFile file) {
        this.config = config;
        this.layout = layout;
        this.file = file;
    }

    /**
     * Maps an adapter's tensors.
     *
     * @throws InvalidInput when they are not those of an adapter of such a model, or one is not
     *     finite; names file and tensor
     */
    public static AdapterFile open(Path folder, AdapterConfig config, AdapterLayout layout) {
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(TENSORS));
        try {
            AdapterFile adapter = new AdapterFile(config, layout, file);
            adapter.checkTargets();
            adapter.read();
            return adapter;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void checkTargets() {
        for (String target : config.targets()) {
            if (!layout.hasMatrix(target)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: target_modules: no matrix of the base's layers is called '%s';"
                                        + " it has %s",
                                config.file(),
                                target,
                                layout.names()));
            }
        }
    }

    private void read() {
        Set<String> adapted = new LinkedHashSet<>();
        for (String name : file.names()) {
            file.floating(name);
            String bare = bare(name);
            Matcher lora = LORA.matcher(bare);
            Matcher rows = ROWS.matcher(bare);
            if (lora.matches() && layout.matrix(lora.group(1)).isPresent()) {
                adapted.add(name.substring(0, name.length() - bare.length()) + lora.group(1));
            } else if (rows.matches() && layout.table(rows.group(1)).isPresent()) {
                addRows(name, layout.full(rows.group(1)));
            } else if (bare.startsWith(AdapterLayout.SCORE)) {
                addHead(name, bare.replace(AdapterLayout.SCORE, AdapterLayout.HEAD));
            } else {
                throw extra(name);
            }
            requireFinite(name);
        }
        adapted.forEach(this::addLowRank);
        if (changes.isEmpty()) {
            throw new InvalidInput(file.path() + ": holds no adapter");
        }
    }

    private static String bare(String name) {
        return name.startsWith(AdapterLayout.ROOT)
                ? name.substring(AdapterLayout.ROOT.length())
                : name;
    }

    private InvalidInput extra(String name) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: tensor '%s' is of nothing that Kiln adapts in this base: matrices of its"
                                + " layers (%s), rows of its tables of tokens (%s), a head (%s*)",
                        file.path(),
                        name,
                        layout.names(),
                        String.join(", ", layout.tables().keySet()),
                        AdapterLayout.SCORE));
    }

    private void requireFinite(String name) {
        try {
            Floats.requireFinite(name, file.describe(name).type(), file.tensor(name));
        } catch (InvalidInput e) {
            throw new InvalidInput(file.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * @param inFile a module as the file calls it
     */
    private void addLowRank(String inFile) {
        String module = layout.full(bare(inFile));
        Placement part = layout.matrix(module).orElseThrow();
        List<String> targets = config.targets();
        if (!targets.isEmpty()
                && targets.stream().noneMatch(target -> AdapterConfig.isEnd(target, module))) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: has an adapter of '%s', which is none of the target_modules of %s: %s",
                            file.path(),
                            module,
                            config.file().getFileName(),
                            String.join(", ", targets)));
        }
        AdapterConfig.Factor factor = config.factor(module);
        String down = inFile + ".lora_A.weight";
        String up = inFile + ".lora_B.weight";
        file.checkShape(down, List.of((long) factor.rank(), (long) part.weight().rows()));
        file.checkShape(up, List.of((long) part.to() - part.from(), (long) factor.rank()));
        add(part.tensor().weight(), new LowRank(part, down, up, factor));
    }

    private void addRows(String name, String module) {
        Placement table = layout.table(module).orElseThrow();
        List<Integer> ids = ids(module);
        file.checkShape(name, List.of((long) ids.size(), (long) table.weight().columns()));
        add(table.tensor().weight(), new Rows(name, ids));
    }

    private List<Integer> ids(String module) {
        boolean first = module.equals(layout.tables().firstEntry().getKey());
        return config.tokens().entrySet().stream()
                .filter(
                        said ->
                                said.getKey().isEmpty()
                                        ? first
                                        : AdapterConfig.isEnd(said.getKey(), module))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        String.format(
                                                Locale.ROOT,
                                                "%s: trainable_token_indices: names no tokens of '%s',"
                                                        + " whose rows %s has",
                                                config.file(),
                                                module,
                                                TENSORS)));
    }

    private void addHead(String name, String weight) {
        List<Long> stored = file.describe(name).shape();
        if (stored.isEmpty()
                || stored.size() > 2
                || stored.stream().anyMatch(n -> n < 1 || n > Integer.MAX_VALUE)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensor '%s' has shape %s, expected a matrix or a vector",
                            file.path(),
                            name,
                            stored));
        }
        int[] sizes = stored.reversed().stream().mapToInt(Math::toIntExact).toArray();
        HuggingFaceTensor tensor = HuggingFaceTensor.transposed(name, weight);
        add(weight, new Whole(new Placement(tensor, Shape.of(sizes))));
    }

    private void add(String weight, AdapterChange change) {
        changes.computeIfAbsent(weight, _ -> new ArrayList<>()).add(change);
    }

    /** Where the tensors are. */
    public Path path() {
        return file.path();
    }

    /** The strings under {@code __metadata__}. */
    public Map<String, String> metadata() {
        return file.metadata();
    }

    /** The weights of a head, by Kiln's names. */
    public List<String> head() {
        return changes.keySet().stream()
                .filter(name -> name.startsWith(AdapterLayout.HEAD))
                .toList();
    }

    /** How many weights become others. */
    public int changed() {
        return changes.size();
    }

    boolean changes(String weight) {
        return changes.containsKey(weight);
    }

    /** The shape of a weight that the adapter holds whole. */
    Optional<Shape> whole(String weight) {
        return changes.getOrDefault(weight, List.of()).stream()
                .filter(Whole.class::isInstance)
                .map(change -> ((Whole) change).part().weight())
                .findFirst();
    }

    /**
     * Changes a weight.
     *
     * @param elements float32: those of the base, and below them room for the rows that it lacks
     */
    void apply(String weight, Shape shape, MemorySegment elements) {
        changes.get(weight).forEach(change -> change.apply(file, shape, elements));
    }

    /**
     * @throws InvalidInput when a table that has more rows than the base's lacks one of them
     */
    void checkNewRows(String table, int inBase, int rows) {
        Set<Integer> there = new HashSet<>();
        for (AdapterChange change : changes.getOrDefault(table, List.of())) {
            if (change instanceof Rows some) {
                there.addAll(some.ids());
            }
        }
        for (int row = inBase; row < rows; row++) {
            if (!there.contains(row)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: is for a larger vocabulary than the base's %,d tokens, and has no"
                                        + " row of '%s' for token %,d",
                                file.path(),
                                inBase,
                                table,
                                row));
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
