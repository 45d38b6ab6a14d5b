/** What the scorecard and the Flow Library see of a node set's html: they read it, and run nothing. */
import ts from 'typescript'
import { nodesOf } from '../../scripts/check/sources'

export interface Registration {
  type: string
  /** The literal's properties by name. */
  properties: Readonly<Record<string, ts.Expression>>
}

/** Every `RED.nodes.registerType('literal', { … })` of the inline scripts. */
export function registrationsIn(html: string): Registration[] {
  const scripts = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)].map(([, script = '']) => script)
  return scripts.flatMap((script) => {
    const tree = ts.createSourceFile('node.js', script, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
    return [...nodesOf(tree)].filter(ts.isCallExpression).flatMap((call) => {
      const [type, definition] = call.arguments
      if (call.expression.getText(tree) !== 'RED.nodes.registerType') return []
      if (!type || !ts.isStringLiteral(type) || !definition || !ts.isObjectLiteralExpression(definition)) return []
      return [{ type: type.text, properties: propertiesOf(definition) }]
    })
  })
}

/** Properties that are written out; spreads, methods and shorthands are not. */
function propertiesOf(literal: ts.ObjectLiteralExpression): Record<string, ts.Expression> {
  return Object.fromEntries(
    literal.properties.filter(ts.isPropertyAssignment).flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) || ts.isStringLiteral(name) ? [[name.text, initializer]] : [],
    ),
  )
}

/** A text that stands there as such. */
export const textOf = (expression: ts.Expression | undefined): string | undefined =>
  expression && ts.isStringLiteral(expression) ? expression.text : undefined

/** The properties of an object that stands there as such; undefined when anything in it is not written out. */
export function objectOf(expression: ts.Expression | undefined): Record<string, ts.Expression> | undefined {
  if (!expression || !ts.isObjectLiteralExpression(expression)) return undefined
  const properties = propertiesOf(expression)
  return Object.keys(properties).length === expression.properties.length ? properties : undefined
}
