package dev.kiln.platform.inference;

import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;

/**
 * The weights of a model that is only asked, read as they are created: matrices frozen, in the format
 * of the file or of the precision, where the backend keeps that; the rest as float32. Used by one
 * thread.
 */
final class LoadedWeights implements Weights {
    private final WeightSource source;
    private final WeightRoles roles;
    private final Backend backend;
    private final Precision precision;
    private final Scope scope;
    private final Arena arena;
    private final String prefix;
    private final Set<String> created;

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
        this(source, roles, backend, precision, scope, arena, "", new HashSet<>());
    }

    private LoadedWeights(
            WeightSource source,
            WeightRoles roles,
            Backend backend,
            Precision precision,
            Scope scope,
            Arena arena,
            String prefix,
            Set<String> created) {
        this.source = source;
        this.roles = roles;
        this.backend = backend;
        this.precision = precision;
        this.scope = scope;
        this.arena = arena;
        this.prefix = prefix;
        this.created = created;
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        String full = prefix + name;
        if (!created.add(full)) {
            throw new IllegalArgumentException("there is a weight '" + full + "' already");
        }
        WeightFormat format = format(full);
        WeightRole role = roles.role(full);
        boolean keeps = backend.capabilities().weightFormats().contains(format);
        if (role == WeightRole.OTHER || !keeps) {
            return plain(full, shape);
        }
        boolean table = role != WeightRole.LINEAR;
        return backend.frozen(scope, source.frozen(full, shape, table, format, arena));
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

    @Override
    public Weights in(String part) {
        return new LoadedWeights(
                source, roles, backend, precision, scope, arena, prefix + part + ".", created);
    }
}
