package org.unet4j.io;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Lets records be mapped without annotations: members of a sealed interface carry their name under the key {@code type},
 * and every component that is not optional must be given.
 */
final class RecordIntrospector extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    /** The key under which a member of a sealed interface says which one it is. */
    static final String TYPE = "type";

    /** Returns {@code AttentionUNet} as {@code attention-unet}, or what the class is annotated with. */
    static String nameOf(Class<?> type) {
        JsonTypeName given = type.getAnnotation(JsonTypeName.class);
        return given != null
                ? given.value()
                : type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** Returns the classes that can stand where {@code sealed} is asked for. */
    static List<Class<?>> members(Class<?> sealed) {
        List<Class<?>> members = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                members.addAll(members(permitted));
            } else {
                members.add(permitted);
            }
        }
        return members;
    }

    /** Returns whether {@code type} is a sealed interface or a member of one, so that it carries {@link #TYPE}. */
    static boolean isMember(Class<?> type) {
        if (type.isInterface() && type.isSealed()) {
            return true;
        }
        for (Class<?> parent : type.getInterfaces()) {
            if (isMember(parent)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public JsonTypeInfo.Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        if (annotated instanceof AnnotatedClass && isOurs(annotated.getRawType()) && isMember(annotated.getRawType())) {
            return JsonTypeInfo.Value.construct(
                    JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, TYPE, null, false, true, true);
        }
        return super.findPolymorphicTypeInfo(config, annotated);
    }

    /** JDK types such as Path are no part of a family of ours, whatever they are declared as. */
    private static boolean isOurs(Class<?> type) {
        return !type.isEnum() && (type.isInterface() || type.isRecord());
    }

    @Override
    public List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
        Class<?> type = annotated.getRawType();
        if (annotated instanceof AnnotatedClass && type.isInterface() && type.isSealed()) {
            List<NamedType> named = new ArrayList<>();
            members(type).forEach(member -> named.add(new NamedType(member, nameOf(member))));
            return named;
        }
        return super.findSubtypes(config, annotated);
    }

    @Override
    public String findTypeName(MapperConfig<?> config, AnnotatedClass annotated) {
        return nameOf(annotated.getRawType());
    }

    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        Class<?> type = member.getRawType();
        return member.getDeclaringClass().isRecord()
                && type != Optional.class
                && type != OptionalInt.class
                && type != OptionalLong.class
                && type != OptionalDouble.class;
    }
}
