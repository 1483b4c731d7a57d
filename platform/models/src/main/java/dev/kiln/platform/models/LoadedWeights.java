package dev.kiln.platform.models;

import dev.kiln.platform.autograd.dryrun.WeightRole;
import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.Init;
import dev.kiln.toolkit.NamedWeights;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The weights of a model that is only asked, read as they are created: matrices frozen, in the format
 * of the file or of the precision, where the backend keeps that; the rest as float32. Used by one
 * thread.
 */
final class LoadedWeights implements NamedWeights.Maker {
    private final WeightSource source;
    private final WeightRoles roles;
    private final Backend backend;
    private final Precision precision;
    private final Scope scope;
    private final Arena arena;

    /**
     * @param scope how long the weights live
     * @param arena for matrices that a file does not hold as they are needed; outlives the scope, as
     *     the source does
     */
    LoadedWeights(
            WeightSource source,
            WeightRoles roles,
            Backend backend,
            Precision precision,
            Scope scope,
            Arena arena) {
        this.source = source;
        this.roles = roles;
        this.backend = backend;
        this.precision = precision;
        this.scope = scope;
        this.arena = arena;
    }

    @Override
    public Weight make(String name, Shape shape, Init init) {
        WeightRole role = roles.role(name);
        WeightFormat format = format(name);
        return isFrozen(role, format)
                ? backend.frozen(scope, source.frozen(name, shape, role.isTable(), format, arena))
                : plain(name, shape);
    }

    private boolean isFrozen(WeightRole role, WeightFormat format) {
        return role != WeightRole.OTHER && backend.capabilities().weightFormats().contains(format);
    }

    /** Bytes that all weights come to take, what the backend makes of them included. */
    long bytes() {
        return roles.uses().entrySet().stream()
                .mapToLong(entry -> bytes(entry.getKey(), entry.getValue()))
                .sum();
    }

    private long bytes(String name, WeightRoles.Use use) {
        WeightFormat format = format(name);
        Shape shape = use.shape();
        if (!isFrozen(use.role(), format)) {
            long packed = shape.rank() == 2 ? backend.packedBytes(shape, precision) : 0;
            return shape.size() * DType.FLOAT32.bytes() + packed;
        }
        long converted = source.isMapped(name, format) ? 0 : unscaledBytes(shape, format);
        return converted + (use.role().inProducts() ? panels(use, format) : 0);
    }

    private long panels(WeightRoles.Use use, WeightFormat format) {
        return backend.packedBytes(use.shape(), format, use.role().isTable());
    }

    private static long unscaledBytes(Shape shape, WeightFormat format) {
        return switch (format) {
            case FLOAT32 -> shape.size() * DType.FLOAT32.bytes();
            case BFLOAT16 -> shape.size() * DType.BFLOAT16.bytes();
            case INT8, INT4 -> throw new IllegalArgumentException("only read as it is stored");
        };
    }

    /** Bytes that products' matrices would take of {@link #bytes} in another format. */
    private long panels(WeightFormat format) {
        return roles.uses().values().stream()
                .filter(use -> use.role().inProducts())
                .mapToLong(use -> panels(use, format))
                .sum();
    }

    /** The widest format whose matrices would fit, if one would. */
    String remedy(long available) {
        return Stream.of(WeightFormat.BFLOAT16, WeightFormat.INT8, WeightFormat.INT4)
                .filter(backend.capabilities().weightFormats()::contains)
                .filter(format -> panels(format) < Math.min(available, bytes()))
                .findFirst()
                .map(
                        format ->
                                String.format(
                                        Locale.ROOT,
                                        "what 'kiln quantize --to %s' makes of it would fit (%s)",
                                        format.name().toLowerCase(Locale.ROOT),
                                        MemoryCheck.words(panels(format))))
                .orElse("no format of its weights would fit");
    }

    /** The stored one where the backend keeps it: that needs no copy and loses nothing. */
    private WeightFormat format(String name) {
        Set<WeightFormat> kept = backend.capabilities().weightFormats();
        WeightFormat stored = source.format(name);
        if (stored != WeightFormat.FLOAT32 && kept.contains(stored)) {
            return stored;
        }
        return switch (precision) {
            case FLOAT32 -> WeightFormat.FLOAT32;
            case BFLOAT16 ->
                    kept.contains(WeightFormat.BFLOAT16)
                            ? WeightFormat.BFLOAT16
                            : WeightFormat.FLOAT32;
        };
    }

    private Weight plain(String name, Shape shape) {
        Weight weight = backend.weight(scope, name, shape, false);
        backend.upload(weight.value(), source.floats(name, shape));
        backend.refresh(weight);
        return weight;
    }
}
